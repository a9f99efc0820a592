#!/usr/bin/env bash
# Written by servec 0.1.0 (language 1) from specs/llama70b-chat.srv; edit that, not this file.
# deployment llama70b-chat, lmdeploy 0.18.0, spec digest 5d72c7d2aa21
# tables: lmdeploy capabilities 3cf24a5a66fd, lmdeploy options 0.18.0 03a73cc08049
# again: servec compile specs/llama70b-chat.srv --deployment llama70b-chat --target lmdeploy
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
    exec lmdeploy serve api_server meta-llama/Llama-3.3-70B-Instruct \
      --backend pytorch \
      --model-format fp8 \
      --tp 8 \
      --dp 2 \
      --session-len 32768 \
      --max-batch-size 128 \
      --max-prefill-token-num 8192 \
      --cache-max-entry-count 0.876 \
      --quant-policy fp8 \
      --enable-prefix-caching \
      --server-port 23334 \
      --model-name llama70b-chat \
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
