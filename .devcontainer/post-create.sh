#!/usr/bin/env bash
# The last step before somebody works here: the first notebook runs, as proof that all of it works.
# Does by itself whatever a prebuild has not done, so it also sets up a plain machine with the .NET SDK.
set -euo pipefail
cd "$(dirname "$0")/.."
bash .devcontainer/restore.sh
bash .devcontainer/build.sh
result=$(mktemp -d)
trap 'rm -rf "$result"' EXIT
dotnet run -c Release --project src/PruneNotebooks.Tool -- run notebooks/00-quickstart.ipynb -o "$result/quickstart.ipynb"
