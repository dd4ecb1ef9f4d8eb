#!/usr/bin/env bash
# Measures what docs/trust.md claims and writes its tables. usage: scripts/trust.sh [SECTION ...]
set -euo pipefail
cd "$(dirname "$0")/.."
npm run --silent build
node dist/scripts/trust.js "$@"
npx prettier --write --log-level warn docs/trust.md
