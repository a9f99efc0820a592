#!/usr/bin/env bash
# Written by servec 0.1.0 (language 1) from specs/vision.srv; edit that, not this file.
# deployment vision, sglang 0.5.23, spec digest f37cbd6af45e
# tables: sglang capabilities 37e71f589fdd, sglang options 0.5.23 8f4a9df5c104
# again: servec compile specs/vision.srv --deployment vision --target sglang
# shellcheck disable=SC2016
set -euo pipefail

# usage: bash launch.sh [ROLE [NODE_RANK]], run from the project's root
known='serve 0'
role=${1:-serve}
rank=${2:-0}

case "$role $rank" in
  "serve 0")
    exec python3 -m sglang.launch_server \
      --model-path Qwen/Qwen3-VL-32B-Instruct \
      --tp-size 4 \
      --context-length 262144 \
      --max-running-requests 24 \
      --chunked-prefill-size 16384 \
      --mem-fraction-static 0.888 \
      --kv-cache-dtype fp8_e4m3 \
      --enable-multimodal \
      --limit-mm-data-per-request '{"image":3,"video":1}' \
      --enable-metrics \
      --host 0.0.0.0 \
      --port 30000 \
      --served-model-name vision
    ;;
  *)
    printf '%s\n' "no process \"$role $rank\"; one of: $known" >&2
    exit 2
    ;;
esac
