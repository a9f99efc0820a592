#!/usr/bin/env bash
# Written by servec 0.1.0 (language 1) from specs/embedding.srv; edit that, not this file.
# deployment embedding, vllm 0.33.0, spec digest d7718b46dd4d
# tables: vllm capabilities 8db1d84d7b51, vllm options 0.33.0 11436794fc66
# again: servec compile specs/embedding.srv --deployment embedding --target vllm
# shellcheck disable=SC2016
set -euo pipefail

# usage: bash launch.sh [ROLE [NODE_RANK]], run from the project's root
known='serve 0'
role=${1:-serve}
rank=${2:-0}

case "$role $rank" in
  "serve 0")
    exec vllm serve Qwen/Qwen3-Embedding-8B \
      --dtype float16 \
      --tensor-parallel-size 1 \
      --max-model-len 5120 \
      --max-num-seqs 256 \
      --max-num-batched-tokens 8192 \
      --gpu-memory-utilization 0.9 \
      --runner pooling \
      --convert embed \
      --pooler-config '{"pooling_type":"LAST","use_activation":true}' \
      --host 0.0.0.0 \
      --port 8080 \
      --served-model-name embed-v3
    ;;
  *)
    printf '%s\n' "no process \"$role $rank\"; one of: $known" >&2
    exit 2
    ;;
esac
