#!/usr/bin/env bash
# Written by servec 0.1.0 (language 1) from specs/qwen3-moe.srv; edit that, not this file.
# deployment qwen3-moe-agent, sglang 0.5.23, spec digest 1091fb8ad9fe
# tables: sglang capabilities 37e71f589fdd, sglang options 0.5.23 8f4a9df5c104
# again: servec compile specs/qwen3-moe.srv --deployment qwen3-moe-agent --target sglang
# shellcheck disable=SC2016
set -euo pipefail

# usage: bash bench.sh [BASE_URL], run from the project's root while the server is up
# where this client is not installed: servec bench, with the spec and --url

base=${1:-http://127.0.0.1:30000}
requests=${SERVEC_REQUESTS:-256}
exec python3 -m sglang.bench_serving \
  --backend sglang-oai-chat \
  --base-url "$base" \
  --model Qwen/Qwen3-235B-A22B-FP8 \
  --served-model-name qwen3-moe-agent \
  --dataset-name generated-shared-prefix \
  --gsp-num-groups 1 \
  --gsp-prompts-per-group "$requests" \
  --gsp-system-prompt-len 10200 \
  --gsp-question-len 1800 \
  --gsp-output-len 600 \
  --max-concurrency 64
