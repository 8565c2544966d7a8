#!/usr/bin/env bash
# Are the files that other programs read - devcontainers, the workflow, issue forms, the citation - as their public schemas want them? Needs npm.
set -euo pipefail
cd "$(dirname "$0")"
npm ci --silent --no-fund --no-audit
cd ../..
for configuration in .devcontainer/devcontainer.json .devcontainer/cpu/devcontainer.json; do
  # Reading needs no container engine; the reader only asks it for containers of this folder, and 'true' knows none.
  read=$(node .ci/configuration/node_modules/@devcontainers/cli/devcontainer.js read-configuration \
    --workspace-folder . --config "$configuration" --docker-path "$(type -P true)" 2>/dev/null) || { echo "$configuration: the devcontainer CLI cannot read it"; exit 1; }
  node .ci/configuration/devcontainer.mjs "$configuration" <<< "$read"
done
node .ci/configuration/schemas.mjs
