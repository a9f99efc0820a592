#!/usr/bin/env bash
# Written by servec 0.1.0 (language 1) from specs/moe-mid.srv; edit that, not this file.
# deployment moe-mid, sglang 0.5.23, spec digest 8cf38ac52bd9
# tables: sglang capabilities 14a0a86e9831, sglang options 0.5.23 8f4a9df5c104
# again: servec compile specs/moe-mid.srv --deployment moe-mid --target sglang
# shellcheck disable=SC2016
set -euo pipefail

# usage: bash launch.sh [ROLE [NODE_RANK]], run from the project's root
known='serve 0, serve 1'
role=${1:-serve}
rank=${2:-0}

case "$role $rank" in
  "serve 0")
    export SERVEC_DIST_INIT_ADDR="${SERVEC_DIST_INIT_ADDR:-127.0.0.1:20000}"
    exec python3 -m sglang.launch_server \
      --model-path zai-org/GLM-4.5-FP8 \
      --tp-size 8 \
      --pp-size 2 \
      --ep-size 8 \
      --context-length 131072 \
      --max-running-requests 12 \
      --chunked-prefill-size 4096 \
      --mem-fraction-static 0.874 \
      --tool-call-parser glm45 \
      --reasoning-parser glm45 \
      --enable-metrics \
      --host 0.0.0.0 \
      --port 30000 \
      --served-model-name moe-mid \
      --nnodes 2 \
      --node-rank 0 \
      --dist-init-addr "${SERVEC_DIST_INIT_ADDR}"
    ;;
  "serve 1")
    export SERVEC_DIST_INIT_ADDR="${SERVEC_DIST_INIT_ADDR:-127.0.0.1:20000}"
    exec python3 -m sglang.launch_server \
      --model-path zai-org/GLM-4.5-FP8 \
      --tp-size 8 \
      --pp-size 2 \
      --ep-size 8 \
      --context-length 131072 \
      --max-running-requests 12 \
      --chunked-prefill-size 4096 \
      --mem-fraction-static 0.874 \
      --tool-call-parser glm45 \
      --reasoning-parser glm45 \
      --enable-metrics \
      --host 0.0.0.0 \
      --port 30000 \
      --served-model-name moe-mid \
      --nnodes 2 \
      --node-rank 1 \
      --dist-init-addr "${SERVEC_DIST_INIT_ADDR}"
    ;;
  *)
    printf '%s\n' "no process \"$role $rank\"; one of: $known" >&2
    exit 2
    ;;
esac
