#!/usr/bin/env bash
# Written by servec 0.1.0 (language 1) from specs/rag.srv; edit that, not this file.
# deployment rag-answer, vllm 0.33.0, spec digest 88d4e7d6f82f
# tables: vllm capabilities 8db1d84d7b51, vllm options 0.33.0 11436794fc66
# again: servec compile specs/rag.srv --deployment rag-answer --target vllm
# shellcheck disable=SC2016
set -euo pipefail

# usage: bash bench.sh [BASE_URL], run from the project's root while the server is up
# where this client is not installed: servec bench, with the spec and --url

base=${1:-http://127.0.0.1:8000}
requests=${SERVEC_REQUESTS:-360}
exec vllm bench serve \
  --backend openai-chat \
  --base-url "$base" \
  --endpoint /v1/chat/completions \
  --model mistralai/Magistral-Small-2509 \
  --served-model-name rag-answer \
  --dataset-name random \
  --random-prefix-len 1800 \
  --random-input-len 16200 \
  --random-output-len 250 \
  --ignore-eos \
  --num-prompts "$requests" \
  --request-rate 3 \
  --percentile-metrics ttft,tpot,itl,e2el \
  --metric-percentiles 50,95,99 \
  --goodput e2el:12000 tpot:40 ttft:2500
