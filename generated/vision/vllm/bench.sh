#!/usr/bin/env bash
# Written by servec 0.1.0 (language 1) from specs/vision.srv; edit that, not this file.
# deployment vision, vllm 0.33.0, spec digest f37cbd6af45e
# tables: vllm capabilities 8db1d84d7b51, vllm options 0.33.0 11436794fc66
# again: servec compile specs/vision.srv --deployment vision --target vllm
# shellcheck disable=SC2016
set -euo pipefail

# usage: bash bench.sh [BASE_URL], run from the project's root while the server is up

base=${1:-http://127.0.0.1:8000}
requests=${SERVEC_REQUESTS:-96}
exec servec bench specs/vision.srv \
  --deployment vision \
  --target vllm \
  --url "$base" \
  --requests "$requests"
