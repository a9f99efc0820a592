#!/usr/bin/env bash
# Written by servec 0.1.0 (language 1) from specs/multi-lora.srv; edit that, not this file.
# deployment multi-lora, vllm 0.33.0, spec digest eb6fffe6055e
# tables: vllm capabilities 8db1d84d7b51, vllm options 0.33.0 11436794fc66
# again: servec compile specs/multi-lora.srv --deployment multi-lora --target vllm
# shellcheck disable=SC2016
set -euo pipefail

# usage: bash build.sh, run from the project's root, before launch.sh

if [ -e adapters/support ]; then
  printf '%s\n' '1/3 adapter-support: is there' >&2
else
  printf '%s\n' '1/3 adapter-support' >&2
  mkdir -p -- adapters
  aws s3 sync \
    --no-progress s3://adapters/support adapters/support.part
  mv -- adapters/support.part adapters/support
fi

if [ -e adapters/legal ]; then
  printf '%s\n' '2/3 adapter-legal: is there' >&2
else
  printf '%s\n' '2/3 adapter-legal' >&2
  mkdir -p -- adapters
  aws s3 sync \
    --no-progress s3://adapters/legal adapters/legal.part
  mv -- adapters/legal.part adapters/legal
fi

if [ -e adapters/sql ]; then
  printf '%s\n' '3/3 adapter-sql: is there' >&2
else
  printf '%s\n' '3/3 adapter-sql' >&2
  mkdir -p -- adapters
  aws s3 sync \
    --no-progress s3://adapters/sql adapters/sql.part
  mv -- adapters/sql.part adapters/sql
fi

printf 'all steps are done\n' >&2
