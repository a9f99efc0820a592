#!/usr/bin/env bash
# Written by servec 0.1.0 (language 1) from specs/gb200-moe.srv; edit that, not this file.
# deployment gb200-moe, sglang 0.5.23, spec digest f2b3b360e1c6
# tables: sglang capabilities 37e71f589fdd, sglang options 0.5.23 8f4a9df5c104
# again: servec compile specs/gb200-moe.srv --deployment gb200-moe --target sglang
# shellcheck disable=SC2016
set -euo pipefail

# usage: bash launch.sh [ROLE [NODE_RANK]], run from the project's root
known='serve 0, serve 1, serve 2, serve 3'
role=${1:-serve}
rank=${2:-0}

case "$role $rank" in
  "serve 0" | "serve 1" | "serve 2" | "serve 3")
    export SERVEC_DIST_INIT_ADDR="${SERVEC_DIST_INIT_ADDR:-127.0.0.1:20000}"
    exec python3 -m sglang.launch_server \
      --model-path nvidia/DeepSeek-R1-0528-FP4-v2 \
      --tp-size 16 \
      --attn-dp-size 16 \
      --ep-size 16 \
      --context-length 163840 \
      --max-running-requests 2048 \
      --chunked-prefill-size 16384 \
      --mem-fraction-static 0.887 \
      --kv-cache-dtype fp8_e4m3 \
      --reasoning-parser deepseek-r1 \
      --speculative-algorithm EAGLE \
      --speculative-num-steps 1 \
      --speculative-eagle-topk 1 \
      --speculative-num-draft-tokens 2 \
      --enable-metrics \
      --host 0.0.0.0 \
      --port 30000 \
      --served-model-name gb200-moe \
      --nnodes 4 \
      --node-rank "$rank" \
      --dist-init-addr "${SERVEC_DIST_INIT_ADDR}"
    ;;
  *)
    printf '%s\n' "no process \"$role $rank\"; one of: $known" >&2
    exit 2
    ;;
esac
