#!/usr/bin/env bash
# Installs the typed cloud bindings (481 MB) from their own lock file and links them where node looks for them.
# `local` and `ssh` work without them. `npm ci` at the root removes the link: run this again, it takes a second.
set -euo pipefail
cd "$(dirname "$0")/../infra-model/bindings"
[[ -d node_modules/@cdktn/provider-aws && node_modules -nt package-lock.json ]] || npm ci
mkdir -p ../../node_modules/@cdktn
ln -sfn ../../infra-model/bindings/node_modules/@cdktn/provider-aws ../../node_modules/@cdktn/provider-aws
