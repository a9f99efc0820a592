#!/usr/bin/env bash
# Written by servec 0.1.0 (language 1) from specs/qwen3-moe.srv; edit that, not this file.
# deployment qwen3-moe-agent, vllm 0.33.0, spec digest 1091fb8ad9fe
# tables: vllm capabilities 8db1d84d7b51, vllm options 0.33.0 11436794fc66
# again: servec compile specs/qwen3-moe.srv --deployment qwen3-moe-agent --target vllm
# shellcheck disable=SC2016
set -euo pipefail

# usage: bash bench.sh [BASE_URL], run from the project's root while the server is up
# where this client is not installed: servec bench, with the spec and --url

base=${1:-http://127.0.0.1:8000}
requests=${SERVEC_REQUESTS:-256}
exec vllm bench serve \
  --backend openai-chat \
  --base-url "$base" \
  --endpoint /v1/chat/completions \
  --model Qwen/Qwen3-235B-A22B-FP8 \
  --served-model-name qwen3-moe-agent \
  --dataset-name random \
  --random-prefix-len 10200 \
  --random-input-len 1800 \
  --random-output-len 600 \
  --ignore-eos \
  --num-prompts "$requests" \
  --max-concurrency 64 \
  --percentile-metrics ttft,tpot,itl,e2el \
  --metric-percentiles 50,95,99 \
  --goodput tpot:25 ttft:900
