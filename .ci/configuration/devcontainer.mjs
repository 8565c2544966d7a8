// What the devcontainer CLI has read of a configuration (standard input): files that it names exist, and no property is misspelt.
import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";

const file = process.argv[2], { configuration } = JSON.parse(readFileSync(0, "utf8"));
// The properties of the specification (containers.dev) that these files use; what is not listed is a typing error or needs a look here.
const known = new Set(["name", "build", "hostRequirements", "remoteUser", "onCreateCommand", "updateContentCommand", "postCreateCommand", "waitFor", "customizations", "configFilePath"]);
const problems = Object.keys(configuration).filter(key => !known.has(key)).map(key => `unknown property '${key}'`);
const exists = path => existsSync(path) || problems.push(`'${path}' does not exist`);

const dockerfile = join(dirname(file), configuration.build.dockerfile);
if (exists(dockerfile) === true) {
  const text = readFileSync(dockerfile, "utf8");
  for (const name of Object.keys(configuration.build.args)) if (!text.includes(`ARG ${name}`)) problems.push(`the Dockerfile has no argument '${name}'`);
  if (!text.includes(` AS ${configuration.build.args.BACKEND}\n`)) problems.push(`the Dockerfile has no stage '${configuration.build.args.BACKEND}'`);
}
exists(join(dirname(file), configuration.build.context, "environment/apt.txt"));
for (const command of ["onCreateCommand", "updateContentCommand", "postCreateCommand"]) exists(configuration[command].replace(/^bash /, ""));
configuration.customizations.codespaces.openFiles.forEach(exists);
const retired = configuration.customizations.vscode.extensions.filter(name => name.includes("dotnet-interactive"));
if (retired.length) problems.push(`the extension ${retired} is retired`);

for (const problem of problems) console.error(`${file}: ${problem}`);
console.log(`${file}: ${problems.length ? "damaged" : "well"}`);
process.exit(problems.length ? 1 : 0);
