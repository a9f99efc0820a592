#!/usr/bin/env bash
# Written by servec 0.1.0 (language 1) from specs/llama70b-chat.srv; edit that, not this file.
# deployment llama70b-chat, vllm 0.33.0, spec digest 5d72c7d2aa21
# tables: vllm capabilities 8db1d84d7b51, vllm options 0.33.0 11436794fc66
# again: servec compile specs/llama70b-chat.srv --deployment llama70b-chat --target vllm
# shellcheck disable=SC2016
set -euo pipefail

# usage: bash bench.sh [BASE_URL], run from the project's root while the server is up
# where this client is not installed: servec bench, with the spec and --url

base=${1:-http://127.0.0.1:8000}
requests=${SERVEC_REQUESTS:-1440}
exec vllm bench serve \
  --backend openai-chat \
  --base-url "$base" \
  --endpoint /v1/chat/completions \
  --model nvidia/Llama-3.3-70B-Instruct-FP8 \
  --served-model-name llama70b-chat \
  --dataset-name random \
  --random-prefix-len 450 \
  --random-input-len 1050 \
  --random-output-len 350 \
  --ignore-eos \
  --num-prompts "$requests" \
  --request-rate 12 \
  --percentile-metrics ttft,tpot,itl,e2el \
  --metric-percentiles 50,95,99 \
  --goodput tpot:20 ttft:400
