#!/usr/bin/env bash
# Written by servec 0.1.0 (language 1) from specs/extended.srv; edit that, not this file.
# deployment extended, sglang 0.5.23, spec digest ccbd78a6b585
# tables: sglang capabilities 37e71f589fdd, sglang options 0.5.23 8f4a9df5c104
# again: servec compile specs/extended.srv --deployment extended --target sglang
# shellcheck disable=SC2016
set -euo pipefail

# usage: bash launch.sh [ROLE [NODE_RANK]], run from the project's root
known='serve 0'
role=${1:-serve}
rank=${2:-0}

case "$role $rank" in
  "serve 0")
    export HF_HUB_DISABLE_TELEMETRY=1
    exec python3 -m sglang.launch_server \
      --model-path Qwen/Qwen3-32B-AWQ \
      --tp-size 4 \
      --context-length 32768 \
      --max-running-requests 16 \
      --chunked-prefill-size 4096 \
      --mem-fraction-static 0.836 \
      --kv-cache-dtype fp8_e4m3 \
      --tool-call-parser hermes \
      --enable-metrics \
      --host 0.0.0.0 \
      --port 30000 \
      --served-model-name extended
    ;;
  *)
    printf '%s\n' "no process \"$role $rank\"; one of: $known" >&2
    exit 2
    ;;
esac
