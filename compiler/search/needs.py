"""What each finding hangs on beside the lines it shows: the paths that could take it back.

A spec in which an error was found is judged without the fields that the error leaves unknown: they
count as not said, which leaves the planner every choice. A finding that no choice can mend stands.
Named here are the paths whose value could mend it though it is not said: a smaller `weights` for
memory that does not fit, another `nodes` for degrees that fill no grid. `on` is the block of the
runtime that the finding is about. `hardware.count` is the number of devices, known where the kind
is misspelt.
"""

from __future__ import annotations

from servec.compiler.options.hangs import hangs
from servec.dsl.doubt import hangs_on_doubt, touched

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from servec.dsl.diagnostic import Diagnostic
    from servec.dsl.spec import Spec

MODEL = ("model", "checkpoint.repo", "checkpoint.file", "checkpoint.overrides")
PLACE = ("hardware", "nodes")
LAID = (*MODEL, *PLACE, "parallel", "on", "role")
PLANNED = (*MODEL, *PLACE, "precision", "on", "role")
CHOSEN = (
    *(*PLANNED, "target", "candidates", "portability", "replicas", "fabric", "transfer"),
    *("parallel", "limits", "workload", "slo", "features", "lora", "lifecycle", "measured"),
    *("schedule", "cache", "graphs", "kernels", "comm", "moe"),
)
"""All that the choice and a prediction may hang on."""

OPTIONS = "on.*"
"""Native options of any runtime: all of `on` but versions and images."""

ASIDE = (".version", ".image")
"""What an `on` block says that no option of the runtime is."""

NEEDS = {
    "SRV118": CHOSEN,
    "SRV120": CHOSEN,
    "SRV208": ("on",),
    "SRV303": ("hardware", "role"),
    "SRV304": (*MODEL, "hardware", "precision.weights", "role"),
    "SRV305": (*MODEL, "precision.weights", "role"),
    "SRV306": (*MODEL, "role"),
    "SRV307": (*PLANNED, "limits.memory", "limits.host_memory", "cache.state", "graphs"),
    "SRV308": CHOSEN,
    "SRV309": (*MODEL, "env", OPTIONS),
    "SRV310": (*MODEL, "on", "role"),
    "SRV311": (*MODEL, "precision.weights", "role"),
    "SRV312": ("role",),
    "SRV313": CHOSEN,
    "SRV314": (*MODEL, "hardware", "precision", "on", "role"),
    "SRV317": CHOSEN,
    "SRV323": PLACE,
    "SRV401": MODEL,
    "SRV402": LAID,
    "SRV403": (*LAID, "precision.weights"),
    "SRV404": ("hardware.count", "nodes"),
    "SRV405": LAID,
    "SRV406": (*LAID, "fabric"),
    "SRV407": ("role", "on"),
    "SRV408": LAID,
    "SRV502": CHOSEN,
}

VERSIONED = ("SRV303", "SRV304", "SRV305", "SRV306", "SRV310", "SRV311", "SRV407")
"""Findings that hang on the version of the runtime; memory and layouts do so least of all."""

LEAVES = {
    "SRV301": ("model",),
    "SRV302": ("hardware.kind",),
    "SRV309": ("limits.context",),
    "SRV401": ("parallel.tensor",),
    "SRV404": ("parallel",),
    "SRV409": ("precision.kv",),
}
"""What an error of a later family leaves unknown; findings on options say it themselves."""


def left(found: Iterable[Diagnostic]) -> frozenset[str]:
    """The paths that errors leave unknown."""
    errors = [item for item in found if item.severity == "error"]
    return frozenset(path for item in errors for path in (*LEAVES.get(item.code, ()), *item.doubts))


def stands(spec: Spec, doubts: frozenset[str], item: Diagnostic, runtime: str = "") -> bool:
    """Whether a finding stands whatever the fields in doubt say.

    `doubts` are those that later families left; `spec` has its own. `runtime` is the one whose plan
    the finding is about.
    """
    needed = [*NEEDS.get(item.code, ()), *hangs(item.hangs)]
    if runtime:
        needed = [f"on.{runtime}" if name == "on" else name for name in needed]
        needed += LAID if item.code == "SRV401" else ()
    return not any(unknown(spec, doubts, path) for path in needed)


def unknown(spec: Spec, doubts: frozenset[str], path: str) -> bool:
    """Whether what is said at or under a path is in doubt."""
    if path == OPTIONS:
        return any(_is_option(doubt) for doubt in (*doubts, *spec.doubts))
    parts = tuple(spec.roles.values()) or (spec,)
    if path.partition(".")[0] == "on":
        own = {doubt for part in parts for doubt in part.doubts}
        return touched([d for d in (*doubts, *own) if not d.endswith(ASIDE)], path)
    return touched(doubts, path) or any(hangs_on_doubt(part, path) for part in parts)


def _is_option(doubt: str) -> bool:
    return doubt.startswith("on.") and not doubt.endswith(ASIDE)
