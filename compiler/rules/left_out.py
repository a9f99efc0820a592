"""What a launch goes without on a runtime: fields that rule 318 reports and no command holds.

A spec that pins one runtime and is compiled for another is carried over: what was set there by hand
does not stop the other from serving the model.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from servec.compiler.target import Case

LOOSE = (
    *("schedule.", "cache.", "graphs.", "kernels.", "comm.", "moe.", "observe.", "media.", "api."),
    *("features.tools", "features.reasoning", "features.pooling", "features.normalize"),
    *("checkpoint.trust_remote_code", "checkpoint.tokenizer", "limits.host_memory"),
)
"""What a spec may lose as it is carried over; the model is served without."""
FIRM = ("api.key_env",)
"""What is never left out: a key that nobody checks is an open door."""
BLOCKS = ("checkpoint.overrides", "checkpoint.loader", "api.template_args")


def carried(case: Case) -> bool:
    """Whether the spec was written for another runtime than this: by its `target`, or since it
    pins this one and has an `on` block of others alone.
    """
    own, name = case.spec.word("target"), case.target.name
    if own in (None, "auto"):
        return False
    return own != name or bool(case.spec.on and not heard(case) & case.spec.on.keys())


def heard(case: Case) -> frozenset[str]:
    """The runtimes whose `on` blocks this launch reads: its own, and the engine's beneath."""
    return frozenset((case.target.name, *case.capabilities.beneath[:1]))


def left_out(case: Case) -> dict[str, str]:
    """Fields that are not said to this runtime, with the reason."""
    able, spec, loose = case.capabilities, case.spec, carried(case)
    made: dict[str, str] = {}
    for path in spec.settings:
        if (path not in able.spares and not (loose and path.startswith(LOOSE))) or path in FIRM:
            continue
        why = able.spares.get(path) or able.lacks.get(path, "")
        words = [word for word in spec.words(path) if path in able.values]
        strange = [word for word in words if word not in able.values[path]]
        if why and spec.flag(path) is not False:
            made[path] = why
        elif strange and not _own(case, path):
            made[path] = f"it has {near(strange[0], able.values[path])}"
    for path in BLOCKS if loose or spec.overrides or spec.template_args else ():
        why = able.spares.get(path) or (able.lacks.get(path, "") if loose else "")
        if why and _said(case, path):
            made[path] = why
    return made


def _own(case: Case, path: str) -> bool:
    """Whether a parser is in a file of the user's, which this runtime takes."""
    plugin = path + "_plugin"
    gone = (*case.capabilities.lacks, *case.capabilities.spares)
    return plugin in case.spec.settings and plugin not in gone


def near(word: str, known: object) -> str:
    """The words that are meant, else the first ones."""
    from difflib import get_close_matches

    names = sorted(map(str, known)) if hasattr(known, "__iter__") else []
    close = get_close_matches(word, names, 3)
    more = f" and {len(names) - 8} more" if len(names) > 8 else ""
    return "nearest: " + ", ".join(close) if close else ", ".join(names[:8]) + more


def _said(case: Case, path: str) -> bool:
    if path == "api.template_args":
        return bool(case.spec.template_args)
    head = path.removeprefix("checkpoint.") + "."
    return any(name.startswith(head) for name in case.spec.overrides)
