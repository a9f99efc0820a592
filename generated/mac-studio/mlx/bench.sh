#!/usr/bin/env bash
# Written by servec 0.1.0 (language 1) from specs/mac-studio.srv; edit that, not this file.
# deployment mac-studio, mlx 0.32.2, spec digest bfbf7a21f82e
# tables: mlx capabilities 5428a9c9111e, mlx options 0.32.2 f0f304eb5a40
# again: servec compile specs/mac-studio.srv --deployment mac-studio --target mlx
# shellcheck disable=SC2016
set -euo pipefail

# usage: bash bench.sh [BASE_URL], run from the project's root while the server is up

base=${1:-http://127.0.0.1:8080}
requests=${SERVEC_REQUESTS:-32}
exec servec bench specs/mac-studio.srv \
  --deployment mac-studio \
  --target mlx \
  --url "$base" \
  --requests "$requests"
