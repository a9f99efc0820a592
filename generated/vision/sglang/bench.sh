#!/usr/bin/env bash
# Written by servec 0.1.0 (language 1) from specs/vision.srv; edit that, not this file.
# deployment vision, sglang 0.5.23, spec digest f37cbd6af45e
# tables: sglang capabilities 37e71f589fdd, sglang options 0.5.23 8f4a9df5c104
# again: servec compile specs/vision.srv --deployment vision --target sglang
# shellcheck disable=SC2016
set -euo pipefail

# usage: bash bench.sh [BASE_URL], run from the project's root while the server is up

base=${1:-http://127.0.0.1:30000}
requests=${SERVEC_REQUESTS:-96}
exec servec bench specs/vision.srv \
  --deployment vision \
  --target sglang \
  --url "$base" \
  --requests "$requests"
