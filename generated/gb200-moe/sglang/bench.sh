#!/usr/bin/env bash
# Written by servec 0.1.0 (language 1) from specs/gb200-moe.srv; edit that, not this file.
# deployment gb200-moe, sglang 0.5.23, spec digest f2b3b360e1c6
# tables: sglang capabilities 37e71f589fdd, sglang options 0.5.23 8f4a9df5c104
# again: servec compile specs/gb200-moe.srv --deployment gb200-moe --target sglang
# shellcheck disable=SC2016
set -euo pipefail

# usage: bash bench.sh [BASE_URL], run from the project's root while the server is up
# where this client is not installed: servec bench, with the spec and --url

base=${1:-http://127.0.0.1:30000}
requests=${SERVEC_REQUESTS:-2000}
exec python3 -m sglang.bench_serving \
  --backend sglang-oai-chat \
  --base-url "$base" \
  --model nvidia/DeepSeek-R1-0528-FP4-v2 \
  --served-model-name gb200-moe \
  --dataset-name generated-shared-prefix \
  --gsp-num-groups 1 \
  --gsp-prompts-per-group "$requests" \
  --gsp-system-prompt-len 600 \
  --gsp-question-len 1400 \
  --gsp-output-len 3000 \
  --max-concurrency 2048
