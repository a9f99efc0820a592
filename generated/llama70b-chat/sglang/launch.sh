#!/usr/bin/env bash
# Written by servec 0.1.0 (language 1) from specs/llama70b-chat.srv; edit that, not this file.
# deployment llama70b-chat, sglang 0.5.23, spec digest 5d72c7d2aa21
# tables: sglang capabilities 37e71f589fdd, sglang options 0.5.23 8f4a9df5c104
# again: servec compile specs/llama70b-chat.srv --deployment llama70b-chat --target sglang
# shellcheck disable=SC2016
set -euo pipefail

# usage: bash launch.sh [ROLE [NODE_RANK]], run from the project's root
known='serve 0'
role=${1:-serve}
rank=${2:-0}

case "$role $rank" in
  "serve 0")
    exec python3 -m sglang.launch_server \
      --model-path nvidia/Llama-3.3-70B-Instruct-FP8 \
      --tp-size 4 \
      --dp-size 2 \
      --context-length 32768 \
      --max-running-requests 128 \
      --chunked-prefill-size 8192 \
      --mem-fraction-static 0.886 \
      --kv-cache-dtype fp8_e4m3 \
      --enable-metrics \
      --host 0.0.0.0 \
      --port 30000 \
      --served-model-name llama70b-chat
    ;;
  *)
    printf '%s\n' "no process \"$role $rank\"; one of: $known" >&2
    exit 2
    ;;
esac
