#!/usr/bin/env bash
# Written by servec 0.1.0 (language 1) from specs/batch-offline.srv; edit that, not this file.
# deployment batch-offline, trtllm 1.3.0rc3, spec digest 009dd42e7f0d
# tables: trtllm capabilities 4a6b43aed305, trtllm options 1.3.0rc3 b1948eca2316
# again: servec compile specs/batch-offline.srv --deployment batch-offline --target trtllm
# shellcheck disable=SC2016
set -euo pipefail

# usage: bash bench.sh [BASE_URL], run from the project's root while the server is up
# where this client is not installed: servec bench, with the spec and --url

base=${1:-http://127.0.0.1:8000}
requests=${SERVEC_REQUESTS:-2000}
exec python3 -m tensorrt_llm.serve.scripts.benchmark_serving \
  --backend openai-chat \
  --base-url "$base" \
  --endpoint /v1/chat/completions \
  --model nvidia/Llama-3.3-70B-Instruct-NVFP4 \
  --served-model-name engine \
  --dataset-name random \
  --random-ids \
  --random-input-len 4000 \
  --random-output-len 800 \
  --ignore-eos \
  --num-prompts "$requests" \
  --max-concurrency 1024 \
  --percentile-metrics ttft,tpot,itl,e2el \
  --metric-percentiles 50,95,99
