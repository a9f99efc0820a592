#!/usr/bin/env bash
# Written by servec 0.1.0 (language 1) from specs/cpu-only.srv; edit that, not this file.
# deployment cpu-only, llamacpp b11549, spec digest c3f205ed83c5
# tables: llamacpp capabilities 27f7246efe3c, llamacpp options b11549 6e56e89f5229
# again: servec compile specs/cpu-only.srv --deployment cpu-only --target llamacpp
# shellcheck disable=SC2016
set -euo pipefail

# usage: bash bench.sh [BASE_URL], run from the project's root while the server is up

base=${1:-http://127.0.0.1:8080}
requests=${SERVEC_REQUESTS:-32}
exec servec bench specs/cpu-only.srv \
  --deployment cpu-only \
  --target llamacpp \
  --url "$base" \
  --requests "$requests"
