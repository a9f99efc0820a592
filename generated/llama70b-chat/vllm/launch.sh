#!/usr/bin/env bash
# Written by servec 0.1.0 (language 1) from specs/llama70b-chat.srv; edit that, not this file.
# deployment llama70b-chat, vllm 0.33.0, spec digest 5d72c7d2aa21
# tables: vllm capabilities 8db1d84d7b51, vllm options 0.33.0 11436794fc66
# again: servec compile specs/llama70b-chat.srv --deployment llama70b-chat --target vllm
# shellcheck disable=SC2016
set -euo pipefail

# usage: bash launch.sh [ROLE [NODE_RANK]], run from the project's root
known='serve 0'
role=${1:-serve}
rank=${2:-0}

case "$role $rank" in
  "serve 0")
    exec vllm serve nvidia/Llama-3.3-70B-Instruct-FP8 \
      --tensor-parallel-size 4 \
      --data-parallel-size 2 \
      --max-model-len 32768 \
      --max-num-seqs 128 \
      --max-num-batched-tokens 8192 \
      --long-prefill-token-threshold 4096 \
      --gpu-memory-utilization 0.9 \
      --kv-cache-dtype fp8 \
      --enable-prefix-caching \
      --enable-chunked-prefill \
      --host 0.0.0.0 \
      --port 8000 \
      --served-model-name llama70b-chat
    ;;
  *)
    printf '%s\n' "no process \"$role $rank\"; one of: $known" >&2
    exit 2
    ;;
esac
