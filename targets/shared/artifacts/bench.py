"""`bench.sh`: the spec's workload as a load test of one replica.

A runtime with a load client of its own for servers has a `bench.json` beside its tables; elsewhere,
and for requests that client cannot send, servec's own does it.
"""

from __future__ import annotations

import json
import os
from functools import lru_cache

from servec.compiler.predict.slo import promised
from servec.compiler.predict.trial import trial
from servec.compiler.target import Artifact
from servec.targets.shared.artifacts.header import comment
from servec.targets.shared.artifacts.shell import DIRECTIVE, SHEBANG, name_check
from servec.targets.shared.artifacts.words import quote, wrap
from servec.targets.shared.table import FOLDER

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from servec.compiler.predict.trial import Trial
    from servec.targets.shared.artifacts.subject import Subject

URL, REQUESTS = "@URL@", "@REQUESTS@"
"""Words known only when the script runs, and how it says them."""
AT_RUN = {URL: '"$base"', REQUESTS: '"$requests"'}
USAGE = "# usage: bash bench.sh [BASE_URL], run from the project's root while the server is up\n"
GOODPUT = {"ttft": "ttft", "tpot": "tpot", "e2e": "e2el"}


def bench_script(subject: Subject) -> Artifact:
    """The test: `bench.sh [BASE_URL]`; `SERVEC_REQUESTS` says how many requests to send."""
    plan = subject.case.plan
    assert plan is not None
    load = trial(subject.case.spec, plan)
    client = client_of(subject.target)
    own = client if subject.launch.api in client.get("apis", {}) else {}
    text = [SHEBANG, comment(subject), DIRECTIVE, "set -euo pipefail\n\n", USAGE]
    if own:
        text.append("# where this client is not installed: servec bench, with the spec and --url\n")
    front = next(p for p in reversed(subject.launch.processes) if p.port)
    text.append(f"\nbase=${{1:-http://127.0.0.1:{front.port}{subject.launch.prefix}}}\n")
    text.append(f"requests=${{SERVEC_REQUESTS:-{load.requests}}}\n")
    text.append(key(subject, own))
    words = own_words(subject, load, own) if own else servec_words(subject)
    text.append("exec " + wrap([AT_RUN.get(word) or quote(word) for word in words]) + "\n")
    return Artifact("bench.sh", "bench", "".join(text), executable=True)


@lru_cache
def client_of(target: str) -> Mapping[str, Any]:
    """The table of a runtime's load client, empty where it has none."""
    try:
        with open(os.path.join(FOLDER, target, "bench.json"), encoding="utf-8") as file:
            found: Mapping[str, Any] = json.load(file)
    except FileNotFoundError:
        return {}
    return found


def key(subject: Subject, own: Mapping[str, Any]) -> str:
    """The API's key, from the environment by name, under the name that the client reads."""
    name = subject.case.spec.word("api.key_env")
    if not name:
        return ""
    given = f'export {own["key"]}="${{{name}}}"\n' if own and own["key"] != name else ""
    return f"{name_check(name)}\n{given}"


def own_words(subject: Subject, load: Trial, client: Mapping[str, Any]) -> list[str]:
    """The command of the runtime's client; an option whose value is not known is left out."""
    values = figures(subject, load) | client["apis"][subject.launch.api]
    kind = client.get("shared" if load.shared else "fresh", [])
    words: list[str] = list(client["command"])
    for option in (*client["options"], *kind, *client.get("last", ())):
        said = [word for item in option[1:] for word in filled(item, values)]
        if said or len(option) == 1:
            words += [option[0], *said]
    return words


def filled(item: str, values: Mapping[str, Any]) -> tuple[str, ...]:
    """A word of the table with its figure; none where there is nothing to say."""
    found = values.get(item, item)
    return tuple(found) if isinstance(found, list) else (str(found),) if found != "" else ()


def figures(subject: Subject, load: Trial) -> dict[str, Any]:
    """What the words in `@` of a table stand for."""
    plan = subject.case.plan
    return {
        "@CHECKPOINT@": plan.checkpoint if plan else "",
        "@NAME@": subject.launch.model_name,
        "@SHARED@": load.shared or "",
        "@FRESH@": load.inputs - load.shared,
        "@OUTPUT@": load.outputs,
        "@CONCURRENCY@": load.concurrency or "",
        "@RATE@": f"{load.rate:.12g}" if load.rate else "",
        "@GOODPUT@": goodput(subject),
    }


def goodput(subject: Subject) -> list[str]:
    """The tightest promise on each latency, in ms: what a request has to keep to count."""
    bounds: dict[str, float] = {}
    for metric, _, bound in promised(subject.case.spec):
        name = GOODPUT.get(metric.partition(".")[0])
        if name:
            bounds[name] = min(bounds.get(name, float("inf")), bound * 1000)
    return [f"{name}:{bound:.12g}" for name, bound in sorted(bounds.items())]


def servec_words(subject: Subject) -> list[str]:
    """servec's own client, which reads the workload from the spec."""
    spec = subject.spec if subject.spec[:1] not in "-" else f"./{subject.spec}"
    words = ["servec", "bench", spec, "--deployment", subject.deployment]
    return [*words, "--target", subject.target, "--url", URL, "--requests", REQUESTS]
