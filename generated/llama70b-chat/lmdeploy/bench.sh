#!/usr/bin/env bash
# Written by servec 0.1.0 (language 1) from specs/llama70b-chat.srv; edit that, not this file.
# deployment llama70b-chat, lmdeploy 0.18.0, spec digest 5d72c7d2aa21
# tables: lmdeploy capabilities 3cf24a5a66fd, lmdeploy options 0.18.0 03a73cc08049
# again: servec compile specs/llama70b-chat.srv --deployment llama70b-chat --target lmdeploy
# shellcheck disable=SC2016
set -euo pipefail

# usage: bash bench.sh [BASE_URL], run from the project's root while the server is up

base=${1:-http://127.0.0.1:23333}
requests=${SERVEC_REQUESTS:-1440}
exec servec bench specs/llama70b-chat.srv \
  --deployment llama70b-chat \
  --target lmdeploy \
  --url "$base" \
  --requests "$requests"
