#!/usr/bin/env bash
# Written by servec 0.1.0 (language 1) from specs/qwen3-moe.srv; edit that, not this file.
# deployment qwen3-moe-agent, rayserve 2.60.0, spec digest 1091fb8ad9fe
# tables: rayserve capabilities 98b57b920846, rayserve options 2.60.0 5c3652c2fb6c
# again: servec compile specs/qwen3-moe.srv --deployment qwen3-moe-agent --target rayserve
# shellcheck disable=SC2016
set -euo pipefail

# usage: bash launch.sh [ROLE [NODE_RANK]], run from the project's root
known='serve 0'
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
role=${1:-serve}
rank=${2:-0}

case "$role $rank" in
  "serve 0")
    export SERVEC_CONFIG="${SERVEC_CONFIG:-$here/ray/serve.yaml}"
    exec serve run "${SERVEC_CONFIG}"
    ;;
  *)
    printf '%s\n' "no process \"$role $rank\"; one of: $known" >&2
    exit 2
    ;;
esac
