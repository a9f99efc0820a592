#!/usr/bin/env bash
# Written by servec 0.1.0 (language 1) from specs/vision.srv; edit that, not this file.
# deployment vision, vllm 0.33.0, spec digest f37cbd6af45e
# tables: vllm capabilities 8db1d84d7b51, vllm options 0.33.0 11436794fc66
# again: servec compile specs/vision.srv --deployment vision --target vllm
# shellcheck disable=SC2016
set -euo pipefail

# usage: bash launch.sh [ROLE [NODE_RANK]], run from the project's root
known='serve 0'
role=${1:-serve}
rank=${2:-0}

case "$role $rank" in
  "serve 0")
    exec vllm serve Qwen/Qwen3-VL-32B-Instruct \
      --tensor-parallel-size 4 \
      --max-model-len 262144 \
      --max-num-seqs 24 \
      --max-num-batched-tokens 16384 \
      --gpu-memory-utilization 0.9 \
      --kv-cache-dtype fp8 \
      --limit-mm-per-prompt '{"image":3,"video":1}' \
      --enable-prefix-caching \
      --enable-chunked-prefill \
      --host 0.0.0.0 \
      --port 8000 \
      --served-model-name vision
    ;;
  *)
    printf '%s\n' "no process \"$role $rank\"; one of: $known" >&2
    exit 2
    ;;
esac
