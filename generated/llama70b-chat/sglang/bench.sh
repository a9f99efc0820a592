#!/usr/bin/env bash
# Written by servec 0.1.0 (language 1) from specs/llama70b-chat.srv; edit that, not this file.
# deployment llama70b-chat, sglang 0.5.23, spec digest 5d72c7d2aa21
# tables: sglang capabilities 37e71f589fdd, sglang options 0.5.23 8f4a9df5c104
# again: servec compile specs/llama70b-chat.srv --deployment llama70b-chat --target sglang
# shellcheck disable=SC2016
set -euo pipefail

# usage: bash bench.sh [BASE_URL], run from the project's root while the server is up
# where this client is not installed: servec bench, with the spec and --url

base=${1:-http://127.0.0.1:30000}
requests=${SERVEC_REQUESTS:-1440}
exec python3 -m sglang.bench_serving \
  --backend sglang-oai-chat \
  --base-url "$base" \
  --model nvidia/Llama-3.3-70B-Instruct-FP8 \
  --served-model-name llama70b-chat \
  --dataset-name generated-shared-prefix \
  --gsp-num-groups 1 \
  --gsp-prompts-per-group "$requests" \
  --gsp-system-prompt-len 450 \
  --gsp-question-len 1050 \
  --gsp-output-len 350 \
  --request-rate 12
