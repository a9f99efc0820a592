#!/usr/bin/env bash
# Written by servec 0.1.0 (language 1) from specs/qwen3-moe.srv; edit that, not this file.
# deployment qwen3-moe-agent, vllm 0.33.0, spec digest 1091fb8ad9fe
# tables: vllm capabilities 8db1d84d7b51, vllm options 0.33.0 11436794fc66
# again: servec compile specs/qwen3-moe.srv --deployment qwen3-moe-agent --target vllm
# shellcheck disable=SC2016
set -euo pipefail

# usage: bash launch.sh [ROLE [NODE_RANK]], run from the project's root
known='serve 0'
role=${1:-serve}
rank=${2:-0}

case "$role $rank" in
  "serve 0")
    exec vllm serve Qwen/Qwen3-235B-A22B-FP8 \
      --tensor-parallel-size 4 \
      --data-parallel-size 2 \
      --enable-expert-parallel \
      --max-model-len 40960 \
      --max-num-seqs 32 \
      --max-num-batched-tokens 8192 \
      --gpu-memory-utilization 0.9 \
      --kv-cache-dtype fp8 \
      --enable-auto-tool-choice \
      --tool-call-parser hermes \
      --reasoning-parser qwen3 \
      --structured-outputs-config '{"backend":"auto"}' \
      --enable-prefix-caching \
      --enable-chunked-prefill \
      --host 0.0.0.0 \
      --port 8000 \
      --served-model-name qwen3-moe-agent
    ;;
  *)
    printf '%s\n' "no process \"$role $rank\"; one of: $known" >&2
    exit 2
    ;;
esac
