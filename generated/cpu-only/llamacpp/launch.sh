#!/usr/bin/env bash
# Written by servec 0.1.0 (language 1) from specs/cpu-only.srv; edit that, not this file.
# deployment cpu-only, llamacpp b11549, spec digest c3f205ed83c5
# tables: llamacpp capabilities 27f7246efe3c, llamacpp options b11549 6e56e89f5229
# again: servec compile specs/cpu-only.srv --deployment cpu-only --target llamacpp
# shellcheck disable=SC2016
set -euo pipefail

# usage: bash launch.sh [ROLE [NODE_RANK]], run from the project's root
known='serve 0'
role=${1:-serve}
rank=${2:-0}

case "$role $rank" in
  "serve 0")
    exec llama-server \
      --hf-repo ggml-org/gpt-oss-20b-GGUF \
      --hf-file gpt-oss-20b-mxfp4.gguf \
      --gpu-layers 0 \
      --numa distribute \
      --fit off \
      --ctx-size 16384 \
      --parallel 2 \
      --no-kv-unified \
      --batch-size 2048 \
      --threads 64 \
      --cache-type-k f16 \
      --cache-type-v f16 \
      --cache-prompt \
      --cont-batching \
      --cache-ram 0 \
      --metrics \
      --host 0.0.0.0 \
      --port 8080 \
      --alias cpu-only \
      --prio 2
    ;;
  *)
    printf '%s\n' "no process \"$role $rank\"; one of: $known" >&2
    exit 2
    ;;
esac
