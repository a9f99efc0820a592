#!/usr/bin/env bash
# Written by servec 0.1.0 (language 1) from specs/moe-mid.srv; edit that, not this file.
# deployment moe-mid, vllm 0.33.0, spec digest 8cf38ac52bd9
# tables: vllm capabilities 8db1d84d7b51, vllm options 0.33.0 11436794fc66
# again: servec compile specs/moe-mid.srv --deployment moe-mid --target vllm
# shellcheck disable=SC2016
set -euo pipefail

# usage: bash bench.sh [BASE_URL], run from the project's root while the server is up
# where this client is not installed: servec bench, with the spec and --url

base=${1:-http://127.0.0.1:8000}
requests=${SERVEC_REQUESTS:-48}
exec vllm bench serve \
  --backend openai-chat \
  --base-url "$base" \
  --endpoint /v1/chat/completions \
  --model zai-org/GLM-4.5-FP8 \
  --served-model-name moe-mid \
  --dataset-name random \
  --random-prefix-len 4800 \
  --random-input-len 3200 \
  --random-output-len 700 \
  --ignore-eos \
  --num-prompts "$requests" \
  --max-concurrency 12 \
  --percentile-metrics ttft,tpot,itl,e2el \
  --metric-percentiles 50,95,99 \
  --goodput tpot:60 ttft:3000
