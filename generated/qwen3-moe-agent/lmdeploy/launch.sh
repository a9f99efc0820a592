#!/usr/bin/env bash
# Written by servec 0.1.0 (language 1) from specs/qwen3-moe.srv; edit that, not this file.
# deployment qwen3-moe-agent, lmdeploy 0.18.0, spec digest 1091fb8ad9fe
# tables: lmdeploy capabilities 3cf24a5a66fd, lmdeploy options 0.18.0 03a73cc08049
# again: servec compile specs/qwen3-moe.srv --deployment qwen3-moe-agent --target lmdeploy
# shellcheck disable=SC2016
set -euo pipefail

# usage: bash launch.sh [ROLE [NODE_RANK]], run from the project's root
known='serve 0, router 0'
role=${1:-serve}
rank=${2:-0}

case "$role $rank" in
  "serve 0")
    export LMDEPLOY_DP_MASTER_PORT=29555
    export SERVEC_DP_MASTER_ADDR="${SERVEC_DP_MASTER_ADDR:-127.0.0.1}"
    export SERVEC_PROXY_URL="${SERVEC_PROXY_URL:-http://127.0.0.1:23333}"
    export LMDEPLOY_DP_MASTER_ADDR="${SERVEC_DP_MASTER_ADDR}"
    exec lmdeploy serve api_server Qwen/Qwen3-235B-A22B-FP8 \
      --backend pytorch \
      --tp 4 \
      --dp 2 \
      --ep 8 \
      --session-len 40960 \
      --max-batch-size 32 \
      --max-prefill-token-num 8192 \
      --cache-max-entry-count 0.875 \
      --quant-policy fp8 \
      --tool-call-parser qwen3 \
      --reasoning-parser default \
      --enable-prefix-caching \
      --server-port 23334 \
      --model-name qwen3-moe-agent \
      --proxy-url "${SERVEC_PROXY_URL}"
    ;;
  "router 0")
    exec lmdeploy serve proxy \
      --server-name 0.0.0.0 \
      --server-port 23333 \
      --serving-strategy Hybrid
    ;;
  *)
    printf '%s\n' "no process \"$role $rank\"; one of: $known" >&2
    exit 2
    ;;
esac
