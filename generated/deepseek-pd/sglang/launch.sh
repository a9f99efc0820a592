#!/usr/bin/env bash
# Written by servec 0.1.0 (language 1) from specs/deepseek-pd.srv; edit that, not this file.
# deployment deepseek-pd, sglang 0.5.23, spec digest 80eee9e9e22a
# tables: sglang capabilities 37e71f589fdd, sglang options 0.5.23 8f4a9df5c104
# again: servec compile specs/deepseek-pd.srv --deployment deepseek-pd --target sglang
# shellcheck disable=SC2016
set -euo pipefail

# usage: bash launch.sh [ROLE [NODE_RANK]], run from the project's root
known='prefill 0, decode 0, decode 1, router 0'
role=${1:-prefill}
rank=${2:-0}

case "$role $rank" in
  "prefill 0")
    exec python3 -m sglang.launch_server \
      --model-path deepseek-ai/DeepSeek-V3.1 \
      --tp-size 8 \
      --ep-size 8 \
      --context-length 65536 \
      --max-running-requests 768 \
      --chunked-prefill-size 8192 \
      --mem-fraction-static 0.876 \
      --kv-cache-dtype bf16 \
      --tool-call-parser deepseekv31 \
      --reasoning-parser deepseek-v3 \
      --enable-metrics \
      --host 0.0.0.0 \
      --port 30001 \
      --served-model-name deepseek-pd \
      --disaggregation-mode prefill \
      --disaggregation-transfer-backend nixl \
      --disaggregation-bootstrap-port 8998
    ;;
  "decode 0")
    export SERVEC_DECODE_DIST_INIT_ADDR="${SERVEC_DECODE_DIST_INIT_ADDR:-127.0.0.1:20000}"
    exec python3 -m sglang.launch_server \
      --model-path deepseek-ai/DeepSeek-V3.1 \
      --tp-size 16 \
      --attn-dp-size 16 \
      --ep-size 16 \
      --context-length 65536 \
      --max-running-requests 768 \
      --chunked-prefill-size 8192 \
      --mem-fraction-static 0.893 \
      --kv-cache-dtype bf16 \
      --tool-call-parser deepseekv31 \
      --reasoning-parser deepseek-v3 \
      --speculative-algorithm EAGLE \
      --speculative-num-steps 1 \
      --speculative-eagle-topk 1 \
      --speculative-num-draft-tokens 2 \
      --moe-a2a-backend deepep \
      --deepep-mode low_latency \
      --enable-metrics \
      --host 0.0.0.0 \
      --port 30002 \
      --served-model-name deepseek-pd \
      --disaggregation-mode decode \
      --disaggregation-transfer-backend nixl \
      --nnodes 2 \
      --node-rank 0 \
      --dist-init-addr "${SERVEC_DECODE_DIST_INIT_ADDR}"
    ;;
  "decode 1")
    export SERVEC_DECODE_DIST_INIT_ADDR="${SERVEC_DECODE_DIST_INIT_ADDR:-127.0.0.1:20000}"
    exec python3 -m sglang.launch_server \
      --model-path deepseek-ai/DeepSeek-V3.1 \
      --tp-size 16 \
      --attn-dp-size 16 \
      --ep-size 16 \
      --context-length 65536 \
      --max-running-requests 768 \
      --chunked-prefill-size 8192 \
      --mem-fraction-static 0.893 \
      --kv-cache-dtype bf16 \
      --tool-call-parser deepseekv31 \
      --reasoning-parser deepseek-v3 \
      --speculative-algorithm EAGLE \
      --speculative-num-steps 1 \
      --speculative-eagle-topk 1 \
      --speculative-num-draft-tokens 2 \
      --moe-a2a-backend deepep \
      --deepep-mode low_latency \
      --enable-metrics \
      --host 0.0.0.0 \
      --port 30002 \
      --served-model-name deepseek-pd \
      --disaggregation-mode decode \
      --disaggregation-transfer-backend nixl \
      --nnodes 2 \
      --node-rank 1 \
      --dist-init-addr "${SERVEC_DECODE_DIST_INIT_ADDR}"
    ;;
  "router 0")
    export SERVEC_DECODE_URL="${SERVEC_DECODE_URL:-http://127.0.0.1:30002}"
    export SERVEC_PREFILL_URL="${SERVEC_PREFILL_URL:-http://127.0.0.1:30001}"
    exec python3 -m sglang_router.launch_router \
      --pd-disaggregation \
      --prefill "${SERVEC_PREFILL_URL}" 8998 \
      --decode "${SERVEC_DECODE_URL}" \
      --host 0.0.0.0 \
      --port 30000
    ;;
  *)
    printf '%s\n' "no process \"$role $rank\"; one of: $known" >&2
    exit 2
    ;;
esac
