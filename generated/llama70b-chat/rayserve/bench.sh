#!/usr/bin/env bash
# Written by servec 0.1.0 (language 1) from specs/llama70b-chat.srv; edit that, not this file.
# deployment llama70b-chat, rayserve 2.60.0, spec digest 5d72c7d2aa21
# tables: rayserve capabilities 98b57b920846, rayserve options 2.60.0 5c3652c2fb6c
# again: servec compile specs/llama70b-chat.srv --deployment llama70b-chat --target rayserve
# shellcheck disable=SC2016
set -euo pipefail

# usage: bash bench.sh [BASE_URL], run from the project's root while the server is up

base=${1:-http://127.0.0.1:8000}
requests=${SERVEC_REQUESTS:-1440}
exec servec bench specs/llama70b-chat.srv \
  --deployment llama70b-chat \
  --target rayserve \
  --url "$base" \
  --requests "$requests"
