#!/usr/bin/env bash
# Written by servec 0.1.0 (language 1) from specs/qwen3-moe.srv; edit that, not this file.
# deployment qwen3-moe-agent, trtllm main, spec digest 1091fb8ad9fe
# tables: trtllm capabilities 4a6b43aed305, trtllm options main 53c61b3f5194
# again: servec compile specs/qwen3-moe.srv --deployment qwen3-moe-agent --target trtllm
# shellcheck disable=SC2016
set -euo pipefail

# usage: bash launch.sh [ROLE [NODE_RANK]], run from the project's root
known='serve 0'
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
role=${1:-serve}
rank=${2:-0}

case "$role $rank" in
  "serve 0")
    export SERVEC_CONFIG="${SERVEC_CONFIG:-$here/config.yaml}"
    exec trtllm-serve serve Qwen/Qwen3-235B-A22B-FP8 \
      --tensor_parallel_size 8 \
      --enable_attention_dp \
      --moe_expert_parallel_size 8 \
      --max_seq_len 40960 \
      --max_batch_size 8 \
      --max_num_tokens 8192 \
      --free_gpu_memory_fraction 0.864 \
      --tool_parser qwen3 \
      --reasoning_parser qwen3 \
      --enable_chunked_prefill \
      --host 0.0.0.0 \
      --port 8000 \
      --served_model_name qwen3-moe-agent \
      --config "${SERVEC_CONFIG}"
    ;;
  *)
    printf '%s\n' "no process \"$role $rank\"; one of: $known" >&2
    exit 2
    ;;
esac
