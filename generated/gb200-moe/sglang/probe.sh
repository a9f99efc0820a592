#!/usr/bin/env bash
# Written by servec 0.1.0 (language 1) from specs/gb200-moe.srv; edit that, not this file.
# deployment gb200-moe, sglang 0.5.23, spec digest f2b3b360e1c6
# tables: sglang capabilities 37e71f589fdd, sglang options 0.5.23 8f4a9df5c104
# again: servec compile specs/gb200-moe.srv --deployment gb200-moe --target sglang
# shellcheck disable=SC2016
set -euo pipefail

base=${1:-http://127.0.0.1:30000}
wait=${SERVEC_WAIT:-1800}
body='{"model": "gb200-moe", "messages": [{"role": "user", "content": "Say hello."}], "max_tokens": 16}'

printf 'waiting for %s\n' "$base" >&2
deadline=$((SECONDS + wait))
until curl -fsS -o /dev/null --max-time 5 "$base"/health 2>/dev/null; do
  if ((SECONDS >= deadline)); then
    printf 'not ready after %s s\n' "$wait" >&2
    exit 1
  fi
  sleep 2
done

headers=(-H 'Content-Type: application/json')
answer=$(curl -fsS --max-time 300 "${headers[@]}" -d "$body" "$base"/v1/chat/completions | tr -d '\n')

expect() {
  if ! grep -Eq -e "$1" <<<"$answer"; then
    printf 'the answer lacks %s:\n%s\n' "$1" "$answer" >&2
    exit 1
  fi
}
expect '"choices"'
expect '"finish_reason" *: *"[a-z_]+"'
printf 'ok: %s answers %s\n' "$base" chat
