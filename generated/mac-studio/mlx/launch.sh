#!/usr/bin/env bash
# Written by servec 0.1.0 (language 1) from specs/mac-studio.srv; edit that, not this file.
# deployment mac-studio, mlx 0.32.2, spec digest bfbf7a21f82e
# tables: mlx capabilities 5428a9c9111e, mlx options 0.32.2 f0f304eb5a40
# again: servec compile specs/mac-studio.srv --deployment mac-studio --target mlx
# shellcheck disable=SC2016
set -euo pipefail

# usage: bash launch.sh [ROLE [NODE_RANK]], run from the project's root
known='serve 0'
role=${1:-serve}
rank=${2:-0}

case "$role $rank" in
  "serve 0")
    exec mlx_lm.server \
      --model mlx-community/Qwen3-235B-A22B-4bit \
      --prompt-cache-bytes 237259MB \
      --decode-concurrency 2 \
      --prompt-concurrency 2 \
      --prefill-step-size 2048 \
      --host 0.0.0.0 \
      --port 8080
    ;;
  *)
    printf '%s\n' "no process \"$role $rank\"; one of: $known" >&2
    exit 2
    ;;
esac
