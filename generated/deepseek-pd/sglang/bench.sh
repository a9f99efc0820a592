#!/usr/bin/env bash
# Written by servec 0.1.0 (language 1) from specs/deepseek-pd.srv; edit that, not this file.
# deployment deepseek-pd, sglang 0.5.23, spec digest 80eee9e9e22a
# tables: sglang capabilities 37e71f589fdd, sglang options 0.5.23 8f4a9df5c104
# again: servec compile specs/deepseek-pd.srv --deployment deepseek-pd --target sglang
# shellcheck disable=SC2016
set -euo pipefail

# usage: bash bench.sh [BASE_URL], run from the project's root while the server is up
# where this client is not installed: servec bench, with the spec and --url

base=${1:-http://127.0.0.1:30000}
requests=${SERVEC_REQUESTS:-2000}
exec python3 -m sglang.bench_serving \
  --backend sglang-oai-chat \
  --base-url "$base" \
  --model deepseek-ai/DeepSeek-V3.1 \
  --served-model-name deepseek-pd \
  --dataset-name generated-shared-prefix \
  --gsp-num-groups 1 \
  --gsp-prompts-per-group "$requests" \
  --gsp-system-prompt-len 1600 \
  --gsp-question-len 2400 \
  --gsp-output-len 900 \
  --max-concurrency 768
