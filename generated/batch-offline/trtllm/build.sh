#!/usr/bin/env bash
# Written by servec 0.1.0 (language 1) from specs/batch-offline.srv; edit that, not this file.
# deployment batch-offline, trtllm 1.3.0rc3, spec digest 009dd42e7f0d
# tables: trtllm capabilities 4a6b43aed305, trtllm options 1.3.0rc3 b1948eca2316
# again: servec compile specs/batch-offline.srv --deployment batch-offline --target trtllm
# shellcheck disable=SC2016
set -euo pipefail

# usage: bash build.sh, run from the project's root, before launch.sh

if [ -e build/batch-offline/weights ]; then
  printf '%s\n' '1/3 weights: is there' >&2
else
  printf '%s\n' '1/3 weights' >&2
  mkdir -p -- build/batch-offline
  hf download meta-llama/Llama-3.3-70B-Instruct \
    --local-dir build/batch-offline/weights.part
  mv -- build/batch-offline/weights.part build/batch-offline/weights
fi

if [ -e build/batch-offline/checkpoint ]; then
  printf '%s\n' '2/3 checkpoint: is there' >&2
else
  printf '%s\n' '2/3 checkpoint' >&2
  mkdir -p -- build/batch-offline
  rm -rf -- build/batch-offline/checkpoint.part
  python3 /app/tensorrt_llm/examples/quantization/quantize.py \
    --model_dir build/batch-offline/weights \
    --output_dir build/batch-offline/checkpoint.part \
    --dtype bfloat16 \
    --qformat nvfp4 \
    --tp_size 2 \
    --kv_cache_dtype fp8
  mv -- build/batch-offline/checkpoint.part build/batch-offline/checkpoint
fi

if [ -e build/batch-offline/engine ]; then
  printf '%s\n' '3/3 engine: is there' >&2
else
  printf '%s\n' '3/3 engine' >&2
  mkdir -p -- build/batch-offline
  rm -rf -- build/batch-offline/engine.part
  trtllm-build \
    --checkpoint_dir build/batch-offline/checkpoint \
    --output_dir build/batch-offline/engine.part \
    --max_batch_size 1024 \
    --max_num_tokens 16384 \
    --max_seq_len 16384 \
    --workers 2
  mv -- build/batch-offline/engine.part build/batch-offline/engine
fi

printf 'all steps are done\n' >&2
