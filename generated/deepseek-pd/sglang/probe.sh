#!/usr/bin/env bash
# Written by servec 0.1.0 (language 1) from specs/deepseek-pd.srv; edit that, not this file.
# deployment deepseek-pd, sglang 0.5.23, spec digest 80eee9e9e22a
# tables: sglang capabilities 37e71f589fdd, sglang options 0.5.23 8f4a9df5c104
# again: servec compile specs/deepseek-pd.srv --deployment deepseek-pd --target sglang
# shellcheck disable=SC2016
set -euo pipefail

base=${1:-http://127.0.0.1:30000}
wait=${SERVEC_WAIT:-1800}
body='{"model": "deepseek-pd", "messages": [{"role": "user", "content": "What is the weather in Oslo?"}], "max_tokens": 256, "tools": [{"type": "function", "function": {"name": "get_weather", "description": "The weather in a city.", "parameters": {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]}}}], "tool_choice": "required"}'

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
ask() {
  curl -sS --max-time 300 "${headers[@]}" -d "$body" "$base"/v1/chat/completions 2>&1 | tr -d '\n'
}
until answer=$(ask) && grep -Eq -e '"choices"' <<<"$answer"; do
  if ((SECONDS >= deadline)); then
    break
  fi
  sleep 5
done

expect() {
  if ! grep -Eq -e "$1" <<<"$answer"; then
    printf 'the answer lacks %s:\n%s\n' "$1" "$answer" >&2
    exit 1
  fi
}
expect '"choices"'
expect $'"tool_calls" *: *\\[ *\\{'
expect '"arguments"'
printf 'ok: %s answers %s\n' "$base" tools
