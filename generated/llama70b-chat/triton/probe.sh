#!/usr/bin/env bash
# Written by servec 0.1.0 (language 1) from specs/llama70b-chat.srv; edit that, not this file.
# deployment llama70b-chat, triton 26.09, spec digest 5d72c7d2aa21
# tables: triton capabilities 04c925de78bc, triton options 26.09 33150404fa32
# again: servec compile specs/llama70b-chat.srv --deployment llama70b-chat --target triton
# shellcheck disable=SC2016
set -euo pipefail

base=${1:-http://127.0.0.1:8000}
wait=${SERVEC_WAIT:-1800}
body='{"text_input": "The moon is", "parameters": {"stream": false, "max_tokens": 8}}'

printf 'waiting for %s\n' "$base" >&2
deadline=$((SECONDS + wait))
until curl -fsS -o /dev/null --max-time 5 "$base"/v2/health/ready 2>/dev/null; do
  if ((SECONDS >= deadline)); then
    printf 'not ready after %s s\n' "$wait" >&2
    exit 1
  fi
  sleep 2
done

headers=(-H 'Content-Type: application/json')
answer=$(curl -fsS --max-time 300 "${headers[@]}" -d "$body" "$base"/v2/models/llama70b-chat/generate | tr -d '\n')

expect() {
  if ! grep -Eq -e "$1" <<<"$answer"; then
    printf 'the answer lacks %s:\n%s\n' "$1" "$answer" >&2
    exit 1
  fi
}
expect '"text_output" *: *"'
printf 'ok: %s answers %s\n' "$base" generate
