"""The runtime has no such setting, and starts without it.

Checks: each tuning field that the spec says can be said to the runtime that is emitted, what a
    field depends on is said as well (a length of drafts needs speculation), and what an `on` block
    of another runtime says has a block of this one beside it. Where `--target` carries a spec to
    another runtime than its `target`, so can the words for kernels, parsers and the API. A form of
    artifacts that is asked for is one that the launch can be written in.
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
from servec.compiler.rules.left_out import heard, left_out
from servec.dsl.diagnostic import Diagnostic, Figure, Fix, Label

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from servec.compiler.target import Case

DEPENDS = {
    "features.draft": "features.speculative",
    "features.draft_tokens": "features.speculative",
    "features.tools_plugin": "features.tools",
    "features.reasoning_plugin": "features.reasoning",
}
"""Fields that say nothing by themselves, and what they belong to."""

SHOWN = 8
"""Options of another runtime that are named."""


def checks(case: Case) -> Iterator[Diagnostic]:
    """Each field that is left out, then what other runtimes alone are told."""
    for path, why in left_out(case).items():
        word = case.spec.word(path) if path in case.capabilities.values else None
        yield _field(case, path, f"no `{path} = {word}`" if word else f"no `{path}`", why)
    for path, other in DEPENDS.items():
        if path in case.spec.settings and other not in case.spec.settings:
            yield _field(case, path, f"no use for `{path}`", f"it belongs to `{other}`")
    if case.plan and case.plan.load == "convert" and "checkpoint.file" in case.spec.settings:
        why = "the weights are made of the whole repository, which holds no such file"
        yield _field(case, "checkpoint.file", "no `checkpoint.file` to load", why)
    if not heard(case) & case.spec.on.keys():
        yield from _others(case)


def _field(case: Case, path: str, what: str, why: str) -> Diagnostic:
    spec = case.spec
    primary = at(spec, path, "left out")
    other = spec.word("target") != case.target.name
    text = "written for this one" if other else "the runtime asked for"
    return Diagnostic(
        "SRV318",
        "warning",
        f"{case.target.name} {case.capabilities.version} has {what}: it starts without"[:100],
        primary,
        seconds(primary, stated(spec, "target", text)),
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
