#!/usr/bin/env bash
# Side by side with Ray Tune and Optuna on the same data. usage: bench/peers/run.sh [SOURCE] [TRIALS] [WORKERS]
# Makes a Python environment of its own under $PEERS_FOLDER (default: a folder in the temporary one), never in the tree.
set -euo pipefail
cd "$(dirname "$0")/../.."
source=${1:-sample:btcusdt-4h} trials=${2:-24} workers=${3:-2}
folder=${PEERS_FOLDER:-${TMPDIR:-/tmp}/bullpen-peers}
mkdir -p "$folder"
if [[ ! -x $folder/venv/bin/python ]]; then "${PYTHON:-python3}" -m venv "$folder/venv"; fi
"$folder/venv/bin/pip" install --quiet --requirement bench/peers/requirements.txt
npm run --silent build
node dist/bench/peers/export.js "$folder/data" "$source" "$trials" "$workers"
for peer in optuna_joblib ray_tune; do
  "$folder/venv/bin/python" "bench/peers/$peer.py" "$folder/data" "$trials" "$workers"
done
node dist/bench/peers/table.js "$folder/data"
