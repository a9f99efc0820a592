#!/usr/bin/env bash
# Written by servec 0.1.0 (language 1) from specs/batch-offline.srv; edit that, not this file.
# deployment batch-offline, trtllm 1.3.0rc3, spec digest 009dd42e7f0d
# tables: trtllm capabilities 4a6b43aed305, trtllm options 1.3.0rc3 b1948eca2316
# again: servec compile specs/batch-offline.srv --deployment batch-offline --target trtllm
# shellcheck disable=SC2016
set -euo pipefail

# usage: bash launch.sh [ROLE [NODE_RANK]], run from the project's root
# run build.sh first: it makes the files this launch reads
known='serve 0'
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
role=${1:-serve}
rank=${2:-0}

case "$role $rank" in
  "serve 0")
    export SERVEC_CONFIG="${SERVEC_CONFIG:-$here/config.yaml}"
    exec trtllm-serve serve build/batch-offline/engine \
      --tensor_parallel_size 2 \
      --max_seq_len 16384 \
      --max_batch_size 1024 \
      --max_num_tokens 16384 \
      --free_gpu_memory_fraction 0.886 \
      --enable_chunked_prefill \
      --host 0.0.0.0 \
      --port 8000 \
      --backend tensorrt \
      --tokenizer nvidia/Llama-3.3-70B-Instruct-NVFP4 \
      --config "${SERVEC_CONFIG}"
    ;;
  *)
    printf '%s\n' "no process \"$role $rank\"; one of: $known" >&2
    exit 2
    ;;
esac
