#!/usr/bin/env bash
# Written by servec 0.1.0 (language 1) from specs/jetson-orin-nano.srv; edit that, not this file.
# deployment jetson-orin-nano, llamacpp b11549, spec digest f573b22a5a43
# tables: llamacpp capabilities 27f7246efe3c, llamacpp options b11549 6e56e89f5229
# again: servec compile specs/jetson-orin-nano.srv --deployment jetson-orin-nano --target llamacpp
# shellcheck disable=SC2016
set -euo pipefail

# usage: bash launch.sh [ROLE [NODE_RANK]], run from the project's root
known='serve 0'
role=${1:-serve}
rank=${2:-0}

case "$role $rank" in
  "serve 0")
    exec llama-server \
      --hf-repo Qwen/Qwen3-4B-GGUF \
      --hf-file Qwen3-4B-Q4_K_M.gguf \
      --load-mode none \
      --gpu-layers 999 \
      --split-mode none \
      --fit off \
      --ctx-size 4096 \
      --parallel 1 \
      --no-kv-unified \
      --batch-size 2048 \
      --cache-type-k q8_0 \
      --cache-type-v q8_0 \
      --flash-attn on \
      --cache-prompt \
      --cont-batching \
      --cache-ram 0 \
      --metrics \
      --host 0.0.0.0 \
      --port 8080 \
      --alias jetson-orin-nano
    ;;
  *)
    printf '%s\n' "no process \"$role $rank\"; one of: $known" >&2
    exit 2
    ;;
esac
