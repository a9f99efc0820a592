"""The runtime has no such setting, and starts without it.

Checks: each tuning field that the spec says can be said to the runtime that is emitted, and what
    an `on` block of another runtime says has a block of this one beside it.
Because: a launch that is carried from one runtime to another loses what only the first has. The
    server starts all the same; whether it still does what was meant is for the reader to say, so
    nothing is dropped in silence.
Wrong: target = sglang; model = qwen3-vl-30b-a3b; features { modalities = [text, image] }
    media { cache_kind = shm }
Right: target = vllm; model = qwen3-vl-30b-a3b; features { modalities = [text, image] }
    media { cache_kind = shm }
Source: the portable table of the runtime, whose rows each name file and version
"""

from __future__ import annotations

from servec.compiler.rules.labels import at, drop, seconds, stated
from servec.dsl.diagnostic import Diagnostic, Figure, Fix, Label

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from servec.compiler.target import Case

SHOWN = 8
"""Options of another runtime that are named."""


def checks(case: Case) -> Iterator[Diagnostic]:
    """Each field that is left out, then what other runtimes alone are told."""
    spares, values = case.capabilities.spares, case.capabilities.values
    for path in case.spec.settings:
        if path not in spares:
            continue
        why = spares[path]
        word = case.spec.word(path) or ""
        if why and case.spec.flag(path) is not False:
            yield _field(case, path, f"no `{path}`", why)
        elif word and path in values and word not in values[path]:
            known = ", ".join(sorted(values[path])[:SHOWN])
            yield _field(case, path, f"no `{path} = {word}`", f"it has {known}")
    if case.target.name not in case.spec.on:
        yield from _others(case)


def _field(case: Case, path: str, what: str, why: str) -> Diagnostic:
    spec = case.spec
    primary = at(spec, path, "left out")
    return Diagnostic(
        "SRV318",
        "warning",
        f"{case.target.name} {case.capabilities.version} has {what}: it starts without"[:100],
        primary,
        seconds(primary, stated(spec, "target", "the runtime asked for")),
        (Figure("why", None, why),),
        (Fix("do without it", drop(spec, path)),),
    )


def _others(case: Case) -> Iterator[Diagnostic]:
    for name, block in sorted(case.spec.on.items()):
        said = [option.name for option in block.options]
        if not said:
            continue
        more = f" and {len(said) - SHOWN} more" if len(said) > SHOWN else ""
        yield Diagnostic(
            "SRV318",
            "warning",
            f"what `on {name}` says is not carried to {case.target.name}",
            Label(block.span, f"for {name} alone"),
            (),
            (Figure("left out", len(said), ", ".join(said[:SHOWN]) + more),),
            (Fix(f"write `on {case.target.name} {{ }}` with what should hold there"),),
        )
