#!/usr/bin/env bash
# Written by servec 0.1.0 (language 1) from specs/qwen3-moe.srv; edit that, not this file.
# deployment qwen3-moe-agent, sglang 0.5.23, spec digest 1091fb8ad9fe
# tables: sglang capabilities 37e71f589fdd, sglang options 0.5.23 8f4a9df5c104
# again: servec compile specs/qwen3-moe.srv --deployment qwen3-moe-agent --target sglang
# shellcheck disable=SC2016
set -euo pipefail

# usage: bash launch.sh [ROLE [NODE_RANK]], run from the project's root
known='serve 0'
role=${1:-serve}
rank=${2:-0}

case "$role $rank" in
  "serve 0")
    exec python3 -m sglang.launch_server \
      --model-path Qwen/Qwen3-235B-A22B-FP8 \
      --tp-size 8 \
      --attn-dp-size 2 \
      --ep-size 8 \
      --context-length 40960 \
      --max-running-requests 64 \
      --chunked-prefill-size 8192 \
      --mem-fraction-static 0.895 \
      --kv-cache-dtype fp8_e4m3 \
      --tool-call-parser hermes \
      --reasoning-parser qwen3 \
      --grammar-backend xgrammar \
      --enable-metrics \
      --host 0.0.0.0 \
      --port 30000 \
      --served-model-name qwen3-moe-agent
    ;;
  *)
    printf '%s\n' "no process \"$role $rank\"; one of: $known" >&2
    exit 2
    ;;
esac
