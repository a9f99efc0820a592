#!/usr/bin/env bash
# Written by servec 0.1.0 (language 1) from specs/embedding.srv; edit that, not this file.
# deployment embedding, vllm 0.33.0, spec digest d7718b46dd4d
# tables: vllm capabilities 8db1d84d7b51, vllm options 0.33.0 11436794fc66
# again: servec compile specs/embedding.srv --deployment embedding --target vllm
# shellcheck disable=SC2016
set -euo pipefail

# usage: bash bench.sh [BASE_URL], run from the project's root while the server is up

base=${1:-http://127.0.0.1:8080}
requests=${SERVEC_REQUESTS:-2000}
exec servec bench specs/embedding.srv \
  --deployment embedding \
  --target vllm \
  --url "$base" \
  --requests "$requests"
