#!/usr/bin/env bash
# Written by servec 0.1.0 (language 1) from specs/vision.srv; edit that, not this file.
# deployment vision, rayserve 2.60.0, spec digest f37cbd6af45e
# tables: rayserve capabilities 98b57b920846, rayserve options 2.60.0 5c3652c2fb6c
# again: servec compile specs/vision.srv --deployment vision --target rayserve
# shellcheck disable=SC2016
set -euo pipefail

# usage: bash bench.sh [BASE_URL], run from the project's root while the server is up

base=${1:-http://127.0.0.1:8000}
requests=${SERVEC_REQUESTS:-96}
exec servec bench specs/vision.srv \
  --deployment vision \
  --target rayserve \
  --url "$base" \
  --requests "$requests"
