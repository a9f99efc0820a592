"""What an old release has no flag for, or no such value of a flag, by its source."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from servec.dsl.diagnostic import Diagnostic
    from servec.dsl.spec import Spec
    from servec.targets.shared.past.line import Past, Use
    from servec.targets.shared.past.release import Release

SET_OF = {"tool-call-parser": "tool_parsers", "reasoning-parser": "reasoning_parsers"}
GUARD = {"tool-call-parser": "enable-auto-tool-choice"}
"""Without this option vLLM does not look the value up."""
PLUGIN = {"tool-call-parser": "tool-parser-plugin", "reasoning-parser": "reasoning-parser-plugin"}


def flag_findings(past: Past, spec: Spec) -> Iterator[Diagnostic]:
    """Flags that the release does not have, and values that it does not list.

    The words that stand for a line which makes what is served are not the user's.
    """
    from servec.targets.shared.importing.programs.dynamo import stands
    from servec.targets.shared.importing.programs.listed import makers

    release = past.release
    if " ".join(past.command.program) in makers():
        return
    named = {use.flag.lstrip("-") for use in past.uses}
    stood = stands(release.runtime) if _of_worker(past) else ()
    for use in past.uses:
        there = use.flag in stood or release.flag(use.flag)
        if use.meant or use.flag.startswith("-O") or not release.below + release.above:
            continue
        if there is False:
            if not _keyword(past):
                yield _gone(release, use, spec)
        elif there:
            yield from _value(release, use, named, spec)


def _keyword(past: Past) -> bool:
    """Whether flags stand for the keywords of a class, which has them sooner than the command."""
    import os

    from servec.targets.shared.table import FOLDER

    known = os.path.join(FOLDER, past.release.runtime, "constructors.json")
    return past.command.written is not None and not os.path.exists(known)


def _of_worker(past: Past) -> bool:
    from servec.targets.shared.importing.programs.dynamo import PREFIX

    return bool(past.command.program) and past.command.program[-1].startswith(PREFIX)


def _gone(release: Release, use: Use, spec: Spec) -> Diagnostic:
    from servec.compiler.options.versions import order

    ever = release.ever(use.flag)
    first = release.next_seen(use.flag)
    where = f"{release.runtime} {release.version}"
    if not ever and not first:
        dashed = "--" + use.flag.lstrip("-").replace("_", "-")
        why = f"write {dashed}" if release.flag(dashed) else _instead(release, dashed)
        return finding(spec, "SRV201", f"{where} has no option `{use.flag}`", why)
    if first and not (release.before(use.flag) and order(first) >= order(release.table)):
        why = f"it is seen in {first}"
        return finding(spec, "SRV202", f"{where} does not have `{use.flag}` yet", why)
    known = ever.replace("..", " to ").removeprefix(" to ")
    why = f"it was in {'releases up to ' if ever.startswith('..') else ''}{known}"
    return finding(spec, "SRV203", f"{where} no longer has `{use.flag}`", why)


def _instead(release: Release, flag: str) -> str:
    """What a flag that no release had may be: another runtime's, or a slip."""
    from servec.dsl.checks.other_names import synonyms

    same = next((f"--{w}" for w in synonyms(flag[2:]) if release.flag(f"--{w}")), "")
    near = "" if same else release.nearest(flag)
    told = f"; called here: {same}" if same else f"; nearest: {near}" if near else ""
    return f"no release read had it{told}"


def _value(release: Release, use: Use, named: set[str], spec: Spec) -> Iterator[Diagnostic]:
    from servec.targets.shared.past.line import OFF
    from servec.targets.shared.past.release import SWITCHES
    from servec.targets.shared.past.sizes import no_number

    name = use.flag.lstrip("-")
    if not use.values and release.wants(use.flag):
        title = f"{release.runtime} {release.version} wants a word behind `{use.flag}`"
        yield finding(spec, "SRV205", title, "it was a switch, and takes the next word now")
        return
    if not use.values and release.bare(use.flag):
        title = f"{release.runtime} {release.version} wants a word behind `{use.flag}`"
        yield finding(spec, "SRV205", title, "none stands behind it")
        return
    spoken = any(use.values) and use.values is not OFF and not use.meant
    if spoken and release.took(use.flag).get("type") in SWITCHES:
        title = f"{release.runtime} {release.version} does not take `{use.flag}={use.values[0]}`"
        yield finding(spec, "SRV205", title, "it is a switch: no word stands behind it")
        return
    choices = [str(item) for item in release.choices(use.flag)]
    kind = SET_OF.get(name, "")
    word = no_number(release, use)
    if word:
        title = f"{release.runtime} {release.version} does not take `{name} = {word}`"
        yield finding(spec, "SRV205", title, "it is no number that this release reads")
    if choices:
        wrong = [value for value in use.values if value not in choices]
    elif kind and _looked_up(release, name, named) and PLUGIN[name] not in named:
        wrong = [value for value in use.values if release.member(kind, value) is False]
        choices = list(release.members(kind))
    else:
        return
    if wrong and choices:
        title = f"{release.runtime} {release.version} does not take `{name} = {wrong[0]}`"
        yield finding(spec, "SRV205", title, f"one of {', '.join(choices)}")


def _looked_up(release: Release, name: str, named: set[str]) -> bool:
    guard = GUARD.get(name, name)
    return guard in named or not release.ever(f"--{guard}")


def finding(
    spec: Spec, code: str, title: str, why: str, path: str = "target", source: str = ""
) -> Diagnostic:
    """What a release refuses, on what the spec says of `path`; `source`: where that is from."""
    from servec.compiler.rules.labels import at
    from servec.dsl.diagnostic import Diagnostic, Figure

    place = at(spec, path, "refused by this release")
    figures = [Figure("why", None, why)]
    if source:
        figures.append(Figure("source", None, f"see {source}"))
    return Diagnostic(code, "error", title[:100], place, (), tuple(figures), (), spec.name)
