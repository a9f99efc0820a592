#!/usr/bin/env bash
# Written by servec 0.1.0 (language 1) from specs/qwen3-moe.srv; edit that, not this file.
# deployment qwen3-moe-agent, lmdeploy 0.18.0, spec digest 1091fb8ad9fe
# tables: lmdeploy capabilities 3cf24a5a66fd, lmdeploy options 0.18.0 03a73cc08049
# again: servec compile specs/qwen3-moe.srv --deployment qwen3-moe-agent --target lmdeploy
# shellcheck disable=SC2016
set -euo pipefail

# usage: bash bench.sh [BASE_URL], run from the project's root while the server is up

base=${1:-http://127.0.0.1:23333}
requests=${SERVEC_REQUESTS:-256}
exec servec bench specs/qwen3-moe.srv \
  --deployment qwen3-moe-agent \
  --target lmdeploy \
  --url "$base" \
  --requests "$requests"
