#!/usr/bin/env bash
# Written by servec 0.1.0 (language 1) from specs/multi-lora.srv; edit that, not this file.
# deployment multi-lora, vllm 0.33.0, spec digest eb6fffe6055e
# tables: vllm capabilities 8db1d84d7b51, vllm options 0.33.0 11436794fc66
# again: servec compile specs/multi-lora.srv --deployment multi-lora --target vllm
# shellcheck disable=SC2016
set -euo pipefail

# usage: bash launch.sh [ROLE [NODE_RANK]], run from the project's root
# run build.sh first: it makes the files this launch reads
known='serve 0'
role=${1:-serve}
rank=${2:-0}

case "$role $rank" in
  "serve 0")
    export VLLM_LOGGING_LEVEL=WARNING
    exec vllm serve meta-llama/Llama-3.1-8B-Instruct \
      --tensor-parallel-size 1 \
      --max-model-len 131072 \
      --max-num-seqs 48 \
      --max-num-batched-tokens 4096 \
      --gpu-memory-utilization 0.9 \
      --enable-prefix-caching \
      --enable-chunked-prefill \
      --enable-lora \
      --max-loras 8 \
      --max-lora-rank 32 \
      --lora-modules support=adapters/support legal=adapters/legal sql=adapters/sql \
      --host 0.0.0.0 \
      --port 8000 \
      --served-model-name multi-lora \
      --max-cpu-loras 16
    ;;
  *)
    printf '%s\n' "no process \"$role $rank\"; one of: $known" >&2
    exit 2
    ;;
esac
