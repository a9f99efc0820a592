#!/usr/bin/env bash
# Written by servec 0.1.0 (language 1) from specs/moe-mid.srv; edit that, not this file.
# deployment moe-mid, vllm 0.33.0, spec digest 8cf38ac52bd9
# tables: vllm capabilities 8db1d84d7b51, vllm options 0.33.0 11436794fc66
# again: servec compile specs/moe-mid.srv --deployment moe-mid --target vllm
# shellcheck disable=SC2016
set -euo pipefail

# usage: bash launch.sh [ROLE [NODE_RANK]], run from the project's root
known='serve 0, serve 1'
role=${1:-serve}
rank=${2:-0}

case "$role $rank" in
  "serve 0")
    export SERVEC_MASTER_ADDR="${SERVEC_MASTER_ADDR:-127.0.0.1}"
    exec vllm serve zai-org/GLM-4.5-FP8 \
      --tensor-parallel-size 8 \
      --pipeline-parallel-size 2 \
      --enable-expert-parallel \
      --max-model-len 131072 \
      --max-num-seqs 12 \
      --max-num-batched-tokens 4096 \
      --gpu-memory-utilization 0.9 \
      --enable-auto-tool-choice \
      --tool-call-parser glm45 \
      --reasoning-parser glm45 \
      --enable-prefix-caching \
      --enable-chunked-prefill \
      --host 0.0.0.0 \
      --port 8000 \
      --served-model-name moe-mid \
      --nnodes 2 \
      --node-rank 0 \
      --master-addr "${SERVEC_MASTER_ADDR}"
    ;;
  "serve 1")
    export SERVEC_MASTER_ADDR="${SERVEC_MASTER_ADDR:-127.0.0.1}"
    exec vllm serve zai-org/GLM-4.5-FP8 \
      --tensor-parallel-size 8 \
      --pipeline-parallel-size 2 \
      --enable-expert-parallel \
      --max-model-len 131072 \
      --max-num-seqs 12 \
      --max-num-batched-tokens 4096 \
      --gpu-memory-utilization 0.9 \
      --enable-auto-tool-choice \
      --tool-call-parser glm45 \
      --reasoning-parser glm45 \
      --enable-prefix-caching \
      --enable-chunked-prefill \
      --served-model-name moe-mid \
      --nnodes 2 \
      --node-rank 1 \
      --master-addr "${SERVEC_MASTER_ADDR}" \
      --headless
    ;;
  *)
    printf '%s\n' "no process \"$role $rank\"; one of: $known" >&2
    exit 2
    ;;
esac
