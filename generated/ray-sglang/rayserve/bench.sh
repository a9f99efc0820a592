#!/usr/bin/env bash
# Written by servec 0.1.0 (language 1) from specs/ray-sglang.srv; edit that, not this file.
# deployment ray-sglang, rayserve 2.60.0, spec digest bfb82ecf0657
# tables: rayserve capabilities 98b57b920846, rayserve options 2.60.0 5c3652c2fb6c
# again: servec compile specs/ray-sglang.srv --deployment ray-sglang --target rayserve
# shellcheck disable=SC2016
set -euo pipefail

# usage: bash bench.sh [BASE_URL], run from the project's root while the server is up

base=${1:-http://127.0.0.1:8000}
requests=${SERVEC_REQUESTS:-384}
exec servec bench specs/ray-sglang.srv \
  --deployment ray-sglang \
  --target rayserve \
  --url "$base" \
  --requests "$requests"
