#!/usr/bin/env bash
# Written by servec 0.1.0 (language 1) from specs/rag.srv; edit that, not this file.
# deployment rag-answer, vllm 0.33.0, spec digest 88d4e7d6f82f
# tables: vllm capabilities 8db1d84d7b51, vllm options 0.33.0 11436794fc66
# again: servec compile specs/rag.srv --deployment rag-answer --target vllm
# shellcheck disable=SC2016
set -euo pipefail

# usage: bash launch.sh [ROLE [NODE_RANK]], run from the project's root
known='serve 0'
role=${1:-serve}
rank=${2:-0}

case "$role $rank" in
  "serve 0")
    exec vllm serve mistralai/Magistral-Small-2509 \
      --tensor-parallel-size 2 \
      --max-model-len 65536 \
      --max-num-seqs 256 \
      --max-num-batched-tokens 8192 \
      --gpu-memory-utilization 0.9 \
      --kv-cache-dtype bfloat16 \
      --structured-outputs-config '{"backend":"auto"}' \
      --language-model-only \
      --enable-prefix-caching \
      --enable-chunked-prefill \
      --host 0.0.0.0 \
      --port 8000 \
      --served-model-name rag-answer
    ;;
  *)
    printf '%s\n' "no process \"$role $rank\"; one of: $known" >&2
    exit 2
    ;;
esac
