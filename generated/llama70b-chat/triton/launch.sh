#!/usr/bin/env bash
# Written by servec 0.1.0 (language 1) from specs/llama70b-chat.srv; edit that, not this file.
# deployment llama70b-chat, triton 26.09, spec digest 5d72c7d2aa21
# tables: triton capabilities 04c925de78bc, triton options 26.09 33150404fa32
# again: servec compile specs/llama70b-chat.srv --deployment llama70b-chat --target triton
# shellcheck disable=SC2016
set -euo pipefail

# usage: bash launch.sh [ROLE [NODE_RANK]], run from the project's root
known='serve 0'
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
role=${1:-serve}
rank=${2:-0}

case "$role $rank" in
  "serve 0")
    export SERVEC_MODELS="${SERVEC_MODELS:-$here/models}"
    exec tritonserver \
      --model-repository "${SERVEC_MODELS}" \
      --http-address 0.0.0.0 \
      --http-port 8000
    ;;
  *)
    printf '%s\n' "no process \"$role $rank\"; one of: $known" >&2
    exit 2
    ;;
esac
