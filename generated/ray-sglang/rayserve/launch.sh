#!/usr/bin/env bash
# Written by servec 0.1.0 (language 1) from specs/ray-sglang.srv; edit that, not this file.
# deployment ray-sglang, rayserve 2.60.0, spec digest bfb82ecf0657
# tables: rayserve capabilities 98b57b920846, rayserve options 2.60.0 5c3652c2fb6c
# again: servec compile specs/ray-sglang.srv --deployment ray-sglang --target rayserve
# shellcheck disable=SC2016
set -euo pipefail

# usage: bash launch.sh [ROLE [NODE_RANK]], run from the project's root
known='ray 0, ray 1, ray 2, ray 3, serve 0'
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
role=${1:-ray}
rank=${2:-0}

case "$role $rank" in
  "ray 0")
    export RAY_EXPERIMENTAL_NOSET_CUDA_VISIBLE_DEVICES=0
    exec ray start \
      --head \
      --port 6379 \
      --block
    ;;
  "ray 1" | "ray 2" | "ray 3")
    export RAY_EXPERIMENTAL_NOSET_CUDA_VISIBLE_DEVICES=0
    export SERVEC_HEAD_ADDR="${SERVEC_HEAD_ADDR:-127.0.0.1:6379}"
    exec ray start \
      --address "${SERVEC_HEAD_ADDR}" \
      --block
    ;;
  "serve 0")
    export RAY_ADDRESS=auto
    export RAY_EXPERIMENTAL_NOSET_CUDA_VISIBLE_DEVICES=0
    export SERVEC_CONFIG="${SERVEC_CONFIG:-$here/ray/serve.yaml}"
    exec serve run "${SERVEC_CONFIG}"
    ;;
  *)
    printf '%s\n' "no process \"$role $rank\"; one of: $known" >&2
    exit 2
    ;;
esac
