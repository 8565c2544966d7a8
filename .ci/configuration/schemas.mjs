// YAML files against their schemas, as SchemaStore publishes them.
import { readFileSync, readdirSync } from "node:fs";
import { createRequire } from "node:module";
import Ajv from "ajv";
import formats from "ajv-formats";
import { parse } from "yaml";

const require = createRequire(import.meta.url);
const forms = ".github/ISSUE_TEMPLATE";
const files = [
  ["CITATION.cff", "citation-file-format.github.io/1.2.0/schema.json"],
  [".github/workflows/ci.yml", "github-workflow.json"],
  [`${forms}/config.yml`, "github-issue-config.json"],
  ...readdirSync(forms).filter(name => name !== "config.yml").map(name => [`${forms}/${name}`, "github-issue-forms.json"]),
];

let failed = false;
for (const [file, schema] of files) {
  const ajv = formats(new Ajv({ strict: false, allErrors: true }));
  const validate = ajv.compile(JSON.parse(readFileSync(require.resolve(`schemastore/schemas/json/${schema}`), "utf8")));
  const well = validate(parse(readFileSync(file, "utf8")));
  failed ||= !well;
  console.log(`${file}: ${well ? "well" : "damaged"}`);
  for (const error of validate.errors ?? []) console.error(`  ${error.instancePath} ${error.message}`);
}
process.exit(failed ? 1 : 0);
