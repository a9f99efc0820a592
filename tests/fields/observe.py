"""What saying a field changes: the command, the files, the plan, or what is told."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from servec import api
from servec.dsl.record import record

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from servec.api import Compiled
    from servec.compiler.target import Launch

RECORDS = ("lock", "readme")
"""Artifacts that record the spec itself, so that any word in it changes them."""
DIGEST = re.compile(r"[0-9a-f]{12,64}")


@record
class Seen:
    """Everything a spec leads to: `said` by name and value, `files` by path, `plan`, `told`."""

    said: frozenset[tuple[str, str]]
    files: frozenset[tuple[str, str]]
    plan: tuple[str, ...]
    told: frozenset[str]
    refused: frozenset[str]
    compiled: Compiled


@record
class Effect:
    """What a field changes. `kind`: emitted (in the command), written (in a file around it),
    decided (in plan and figures), judged (one value is refused, another not), refused, told (a
    warning or note) or dropped.

    `names`: the options, variables and files; the forms of the files; or the codes.
    """

    kind: str
    names: tuple[str, ...] = ()


def seen(text: str) -> Seen:
    """Compile a spec and keep what came of it."""
    found = api.compile({"a.srv": text})
    launches = [emission.launch for emission in found.emissions]
    return Seen(
        said=frozenset(said(launches)),
        files=frozenset(
            (artifact.kind, DIGEST.sub("", artifact.text))
            for emission in found.emissions
            for artifact in emission.artifacts
            if artifact.kind not in RECORDS
        ),
        plan=tuple(
            repr((each.target, each.status, each.reasons, each.performance, case.plan, case.memory))
            for result in found.result.deployments
            for each in result.candidates
            for case in each.cases
        ),
        told=frozenset(f"{d.code} {d.title}" for d in found.diagnostics if d.severity != "error"),
        refused=frozenset(d.code for d in found.diagnostics if d.severity == "error"),
        compiled=found,
    )


def said(launches: Iterable[Launch]) -> Iterator[tuple[str, str]]:
    """The options, variables, steps and config lines of some launches, each by its name."""
    for launch in launches:
        for process in launch.processes:
            yield from _options(process.argv)
            yield from ((f"${name}", value) for name, value in process.env.items())
        for step in launch.steps:
            yield from ((f"step {step.kind}", word) for word in step.argv)
        for file in launch.configs:
            yield from ((f"{file.path}: {line.strip()}", "") for line in file.text.splitlines())
        yield "replicas and image", f"{launch.image} {launch.port} {launch.prefix}"


def _options(argv: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    """The words behind each option, joined; what stands before the first belongs to the program."""
    name, words = "program", list[str]()
    for word in argv:
        if word.startswith("-") and not word[1:2].isdigit():
            yield name, " ".join(words)
            name, _, value = word.partition("=")
            words = [value] if value else []
        else:
            words.append(word)
    yield name, " ".join(words)


def effect(before: Seen, after: Seen) -> Effect:
    """What changed from one spec to the other; an error that both have is none of the field's."""
    codes = after.refused - before.refused
    if codes or after.refused:
        return Effect("refused", tuple(sorted(codes or after.refused)))
    if after.said != before.said:
        return Effect("emitted", tuple(sorted({name for name, _ in after.said ^ before.said})))
    if after.files != before.files:
        return Effect("written", tuple(sorted({kind for kind, _ in after.files ^ before.files})))
    if after.plan != before.plan:
        return Effect("decided")
    if after.told != before.told:
        return Effect("told", tuple(sorted({t.split()[0] for t in after.told ^ before.told})))
    return Effect("dropped")
