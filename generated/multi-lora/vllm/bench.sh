#!/usr/bin/env bash
# Written by servec 0.1.0 (language 1) from specs/multi-lora.srv; edit that, not this file.
# deployment multi-lora, vllm 0.33.0, spec digest eb6fffe6055e
# tables: vllm capabilities 8db1d84d7b51, vllm options 0.33.0 11436794fc66
# again: servec compile specs/multi-lora.srv --deployment multi-lora --target vllm
# shellcheck disable=SC2016
set -euo pipefail

# usage: bash bench.sh [BASE_URL], run from the project's root while the server is up
# where this client is not installed: servec bench, with the spec and --url

base=${1:-http://127.0.0.1:8000}
requests=${SERVEC_REQUESTS:-192}
exec vllm bench serve \
  --backend openai-chat \
  --base-url "$base" \
  --endpoint /v1/chat/completions \
  --model meta-llama/Llama-3.1-8B-Instruct \
  --served-model-name multi-lora \
  --dataset-name random \
  --random-prefix-len 270 \
  --random-input-len 630 \
  --random-output-len 250 \
  --ignore-eos \
  --num-prompts "$requests" \
  --max-concurrency 48 \
  --percentile-metrics ttft,tpot,itl,e2el \
  --metric-percentiles 50,95,99 \
  --goodput tpot:35 ttft:500
