"""`probe.sh`: wait until the server is ready, ask it one real thing, check the answer's shape."""

from __future__ import annotations

import json

from servec.compiler.target import Artifact
from servec.targets.shared.artifacts.header import comment
from servec.targets.shared.artifacts.shell import SHEBANG
from servec.targets.shared.artifacts.words import quote

# A red square of 28 x 28 pixels as PNG: one patch of the towers in the catalogue.
SQUARE = (
    "iVBORw0KGgoAAAANSUhEUgAAABwAAAAcCAIAAAD9b0jDAAAAI0lEQVR42u3MsQ0AAAjAoP7/tD7hJgkz"
    "TZ1LKpVKpVKp9Ee6DsoNHtgm0ZUAAAAASUVORK5CYII="
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from servec.targets.shared.artifacts.subject import Subject

# path, what must be in the answer (extended regular expressions over the JSON on one line)
ROUTES = {
    "chat": ("/v1/chat/completions", ['"choices"', '"finish_reason" *: *"[a-z_]+"']),
    "tools": ("/v1/chat/completions", ['"choices"', '"tool_calls" *: *\\[ *\\{', '"arguments"']),
    "image": ("/v1/chat/completions", ['"choices"', '"finish_reason" *: *"[a-z_]+"']),
    "completion": ("/v1/completions", ['"choices"', '"text" *: *"']),
    "embedding": ("/v1/embeddings", ['"embedding" *: *\\[ *-?[0-9]']),
    "rerank": ("/v1/rerank", ['"relevance_score"|"score"']),
    "generate": ("/v2/models/@NAME@/generate", ['"text_output" *: *"']),
    "classify": ("/classify", ['"probs"|"embedding"|"label"']),
}


def probe_script(subject: Subject) -> Artifact:
    """The probe: `probe.sh [BASE_URL]`; waits `SERVEC_WAIT` seconds at most (default 1800)."""
    launch = subject.launch
    path, wanted = ROUTES[launch.api]
    path = path.replace("@NAME@", launch.model_name)
    front = next(p for p in reversed(launch.processes) if p.port)
    text = [SHEBANG, comment(subject), "# shellcheck disable=SC2016\n", "set -euo pipefail\n\n"]
    text.append(f"base=${{1:-http://127.0.0.1:{front.port}{subject.launch.prefix}}}\n")
    text.append("wait=${SERVEC_WAIT:-1800}\n")
    text.append(f"body={quote(request_body(subject))}\n\n")
    health = front.health.removeprefix(launch.prefix) or "/health"
    text.append(WAIT.replace("@HEALTH@", quote(health)))
    text.append(authorization(subject))
    ask = ASK_FRONT if any(p.role == "router" for p in launch.processes) else ASK
    text.append(ask.replace("@PATH@", quote(path)).replace("@FIRST@", quote(wanted[0])))
    text.append(EXPECT)
    for pattern in wanted:
        text.append(f"expect {quote(pattern)}\n")
    text.append(f"printf 'ok: %s answers %s\\n' \"$base\" {quote(launch.api)}\n")
    return Artifact("probe.sh", "probe", "".join(text), executable=True)


WAIT = """printf 'waiting for %s\\n' "$base" >&2
deadline=$((SECONDS + wait))
until curl -fsS -o /dev/null --max-time 5 "$base"@HEALTH@ 2>/dev/null; do
  if ((SECONDS >= deadline)); then
    printf 'not ready after %s s\\n' "$wait" >&2
    exit 1
  fi
  sleep 2
done

"""

ASK = """answer=$(curl -fsS --max-time 300 "${headers[@]}" -d "$body" "$base"@PATH@ | tr -d '\\n')
"""

# A front answers before the servers behind it are there: it is asked until one of them does.
ASK_FRONT = """ask() {
  curl -sS --max-time 300 "${headers[@]}" -d "$body" "$base"@PATH@ 2>&1 | tr -d '\\n'
}
until answer=$(ask) && grep -Eq -e @FIRST@ <<<"$answer"; do
  if ((SECONDS >= deadline)); then
    break
  fi
  sleep 5
done
"""

EXPECT = """
expect() {
  if ! grep -Eq -e "$1" <<<"$answer"; then
    printf 'the answer lacks %s:\\n%s\\n' "$1" "$answer" >&2
    exit 1
  fi
}
"""


def authorization(subject: Subject) -> str:
    """The headers of the request; a key comes from the environment, by name."""
    name = subject.case.spec.word("api.key_env")
    lines = ["headers=(-H 'Content-Type: application/json')\n"]
    if name:
        lines.append(f': "${{{name}:?set {name} in the environment}}"\n')
        lines.append(f'headers+=(-H "Authorization: Bearer ${{{name}}}")\n')
    return "".join(lines)


def request_body(subject: Subject) -> str:
    """The JSON of one small request of the kind the deployment serves."""
    name = subject.launch.model_name
    api = subject.launch.api
    if api == "embedding":
        body: dict[str, object] = {"model": name, "input": "How far is the moon?"}
    elif api == "rerank":
        body = {"model": name, "query": "moon", "documents": ["The moon is far.", "Bread is food."]}
    elif api == "classify":
        body = {"model": name, "input": "I like it."}
    elif api == "generate":
        body = {"text_input": "The moon is", "parameters": {"stream": False, "max_tokens": 8}}
    elif api == "completion":
        body = {"model": name, "prompt": "The moon is", "max_tokens": 8}
    else:
        body = {
            "model": name,
            "messages": messages(api),
            "max_tokens": 256 if api == "tools" else 16,
        }
    if api == "tools":
        body |= {"tools": [TOOL], "tool_choice": "required"}
    return json.dumps(body, ensure_ascii=True)


TOOL = {
    "type": "function",
    "function": {
        "name": "get_weather",
        "description": "The weather in a city.",
        "parameters": {
            "type": "object",
            "properties": {"city": {"type": "string"}},
            "required": ["city"],
        },
    },
}


def messages(api: str) -> list[dict[str, object]]:
    """The messages of a chat request."""
    if api == "tools":
        return [{"role": "user", "content": "What is the weather in Oslo?"}]
    if api == "image":
        url = {"url": f"data:image/png;base64,{SQUARE}"}
        parts = [
            {"type": "text", "text": "Which colour is this?"},
            {"type": "image_url", "image_url": url},
        ]
        return [{"role": "user", "content": parts}]
    return [{"role": "user", "content": "Say hello."}]
