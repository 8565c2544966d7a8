#!/usr/bin/env bash
# Downloads what the repository needs: packages, libtorch among them (about 2 GB on disk), and the notebook kernel.
set -euo pipefail
cd "$(dirname "$0")/.."
dotnet tool restore
dotnet restore
