#!/usr/bin/env bash
# Builds the command, and makes the kernel with the library of this checkout known to VS Code and Jupyter. Runs again when the checkout has changed.
set -euo pipefail
cd "$(dirname "$0")/.."
dotnet build -c Release src/PruneNotebooks.Tool
dotnet src/PruneNotebooks.Tool/bin/Release/net10.0/prune.dll kernel install --user
