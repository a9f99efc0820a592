#!/usr/bin/env bash
# Written by servec 0.1.0 (language 1) from specs/embedding.srv; edit that, not this file.
# deployment embedding, vllm 0.33.0, spec digest d7718b46dd4d
# tables: vllm capabilities 8db1d84d7b51, vllm options 0.33.0 11436794fc66
# again: servec compile specs/embedding.srv --deployment embedding --target vllm
# shellcheck disable=SC2016
set -euo pipefail

base=${1:-http://127.0.0.1:8080}
wait=${SERVEC_WAIT:-1800}
body='{"model": "embed-v3", "input": "How far is the moon?"}'

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
answer=$(curl -fsS --max-time 300 "${headers[@]}" -d "$body" "$base"/v1/embeddings | tr -d '\n')

expect() {
  if ! grep -Eq -e "$1" <<<"$answer"; then
    printf 'the answer lacks %s:\n%s\n' "$1" "$answer" >&2
    exit 1
  fi
}
expect $'"embedding" *: *\\[ *-?[0-9]'
printf 'ok: %s answers %s\n' "$base" embedding
