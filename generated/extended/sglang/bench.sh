#!/usr/bin/env bash
# Written by servec 0.1.0 (language 1) from specs/extended.srv; edit that, not this file.
# deployment extended, sglang 0.5.23, spec digest ccbd78a6b585
# tables: sglang capabilities 37e71f589fdd, sglang options 0.5.23 8f4a9df5c104
# again: servec compile specs/extended.srv --deployment extended --target sglang
# shellcheck disable=SC2016
set -euo pipefail

# usage: bash bench.sh [BASE_URL], run from the project's root while the server is up
# where this client is not installed: servec bench, with the spec and --url

base=${1:-http://127.0.0.1:30000}
requests=${SERVEC_REQUESTS:-64}
exec python3 -m sglang.bench_serving \
  --backend sglang-oai-chat \
  --base-url "$base" \
  --model Qwen/Qwen3-32B-AWQ \
  --served-model-name extended \
  --dataset-name generated-shared-prefix \
  --gsp-num-groups 1 \
  --gsp-prompts-per-group "$requests" \
  --gsp-system-prompt-len 4800 \
  --gsp-question-len 1200 \
  --gsp-output-len 400 \
  --max-concurrency 16
