"""How a launch line fares with each known release: asked where none is stated, or a range is.

The line is judged for every release that has a table or whose source was read, the newest first.
"""

from __future__ import annotations

import re

from servec.compiler.options.versions import is_exact, order
from servec.dsl.record import record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Callable, Iterator, Sequence

    from servec.cli.launches import Verdict
    from servec.dsl.diagnostic import Diagnostic
    from servec.targets.shared.importing.programs.program import Command

MOST = 128
"""Releases that are judged one by one; of more, as many at even distance, and where these differ
the first that does."""
FEW = 32
"""The same where no range is stated, and nobody asked for it."""
LONGEST, WORDS, FINDINGS = 20_000, 200, 20
"""Characters of a line with its options files, its words, and what is found against it: beyond that
it is judged once, as a walk is to end soon."""
RANGE = r"\s*[<>=!~]"
"""How a range of versions begins."""
FIRST = "is first seen in"
"""How a class is told that no earlier release has either."""


@record
class Stretch:
    """Releases in a row that fare alike, `count` of them; `last` is the one that was judged first,
    of a walk back the newest, and `first` its other end.

    `why`: what the newest of them refuses the line for, "" where nothing is found. `before`: every
    earlier one refuses it too.
    """

    first: str
    last: str
    count: int
    why: str
    before: bool = False


def ranged(args: Namespace) -> str:
    """The range of releases that a call states, "" for none. Where no release in it has a table,
    the newest that was read is the one whose findings are shown in full."""
    from servec.cli.imported import named
    from servec.targets.shared.table import versions

    runtime, stated = named(args.runtime)
    if not args.check or not re.match(RANGE, stated):
        return ""
    inside = _within(stated, _known(runtime))
    if inside and not any(version in inside for version in versions(runtime)):
        args.runtime = f"{runtime}@{inside[0]}"
    return stated


def walked(verdicts: Sequence[Verdict], args: Namespace, span: str) -> tuple[Stretch, ...]:
    """The known releases of the one line that is judged, the newest first; empty where one version
    is stated, or of the line's runtime no past was read. `span`: the range that is stated."""
    from servec.cli.imported import named

    if not args.check or len(verdicts) != 1 or not _single(verdicts[0]):
        return ()
    read = verdicts[0].read
    item, runtime = read.commands[0], read.outcomes[0].imported.runtime
    if item.version or (named(args.runtime)[1] and not span):
        return ()
    asked = _within(span, _known(runtime))
    most = MOST if span else FEW
    return tuple(_stretches(asked, most, lambda version: _refused(version, item, runtime, args)))


def first_later(verdict: Verdict, args: Namespace) -> str:
    """The first release behind the stated one that takes a refused line, "" where the newest does
    not, none is known or no one version is stated."""
    from servec.cli.imported import named

    read = verdict.read
    if not _single(verdict):
        return ""
    runtime = read.outcomes[0].imported.runtime
    stated: str = read.release or named(args.runtime)[1] or read.commands[0].version
    if not is_exact(stated):
        return ""
    later = [version for version in reversed(_known(runtime)) if order(version) > order(stated)]

    def fares(version: str) -> tuple[str, bool]:
        return "refused" if _refused(version, read.commands[0], runtime, args)[0] else "", False

    if not later or fares(later[-1])[0]:
        return ""
    return next(each.last for each in _stretches(later, FEW, fares) if not each.why)


def _single(verdict: Verdict) -> bool:
    """Whether it is of one line alone, which is soon judged again."""
    read = verdict.read
    if len(read.commands) != 1 or len(read.outcomes) != 1 or len(verdict.found) > FINDINGS:
        return False
    item = read.commands[0]
    size = sum(map(len, (*item.words, *item.files.values())))
    return len(item.words) <= WORDS and size <= LONGEST


def _known(runtime: str) -> tuple[str, ...]:
    """The releases with a table or a source that was read, the newest first; none where no release
    before the tables was read."""
    from servec.targets.shared.past.release import load_past
    from servec.targets.shared.table import versions

    past = load_past(runtime)
    known = {*past["versions"], *versions(runtime)} - {"main"} if past is not None else ()
    return tuple(sorted(known, key=order, reverse=True))


def _within(stated: str, known: Sequence[str]) -> tuple[str, ...]:
    """The releases of a range, all of them where none is stated."""
    from servec.compiler.options.versions import pick

    if not stated:
        return tuple(known)
    inside = set(pick(stated, tuple(reversed(known))).tables)
    return tuple(version for version in known if version in inside)


def _refused(version: str, item: Command, runtime: str, args: Namespace) -> tuple[str, bool]:
    """What a release refuses the line for first, and whether every earlier one does so too."""
    from argparse import Namespace

    from servec.cli.errors import UsageError
    from servec.cli.judged import apart
    from servec.cli.launches import judge, launches

    own = Namespace(**{**vars(args), "runtime": f"{runtime}@{version}"})
    try:
        reads = launches(own)
    except UsageError as unread:
        return str(unread), False
    texts = apart([read.outcomes for read in reads])
    found: list[Diagnostic] = []
    for read, text in zip(reads, texts, strict=True):
        found += (each for each in judge(read, text, own).found if each.severity == "error")
    if not found:
        return "", False
    first = min(found, key=lambda each: not _since(each, version))
    return _plain(first, f"{runtime} {version}", item), _since(first, version)


def _since(found: Diagnostic, version: str) -> bool:
    """Whether a finding holds of every earlier release too: an option or a class that is not there
    yet. A class may have been there and have gone."""
    if found.code != "SRV306":
        return found.code == "SRV202"
    return any(
        FIRST in figure.text
        or (figure.name == "first" and order(str(figure.value)) > order(version))
        for figure in found.figures
    )


def _plain(found: Diagnostic, named: str, item: Command) -> str:
    """A title as it can be told of several releases: without the one that it names and what memory
    each needs, options as they were typed."""
    title = re.sub(rf"(?: (?:for|by|of|in))? ?\b{re.escape(named)} ?", " ", found.title).strip()
    if found.code == "SRV307":
        title = title.partition(":")[0]
    held = {figure.name: figure.value for figure in found.figures}
    if found.code == "SRV306" and held.get("architecture"):
        title = f"does not know {held['architecture']}"
    flags = {word.partition("=")[0] for word in item.words if word.startswith("--")}
    return re.sub(r"`([a-z][\w-]*)", lambda hit: _typed(hit, flags), title)


def _typed(hit: re.Match[str], flags: set[str]) -> str:
    return f"`--{hit[1]}" if f"--{hit[1]}" in flags else hit[0]


def _stretches(
    asked: Sequence[str], most: int, judge: Callable[[str], tuple[str, bool]]
) -> Iterator[Stretch]:
    at, why, fared = 0, "", dict[int, tuple[str, bool]]()

    def fares(index: int) -> tuple[str, bool]:
        if index not in fared:
            fared[index] = judge(asked[index])
        return fared[index]

    while at < len(asked):
        why, since = fares(at)
        if since:
            yield Stretch(asked[-1], asked[at], len(asked) - at, why, before=True)
            return
        end = _end(at, len(asked), max(1, len(asked) // most), fares)
        yield Stretch(asked[end - 1], asked[at], end - at, why)
        at = end


def _end(at: int, count: int, step: int, fares: Callable[[int], tuple[str, bool]]) -> int:
    """The first index behind `at` that fares otherwise, where every `step`-th is looked at."""
    low = at
    while low + 1 < count:
        high = min(low + step, count - 1)
        if fares(high) == fares(at):
            low = high
            continue
        while high - low > 1:
            middle = (low + high) // 2
            low, high = (middle, high) if fares(middle) == fares(at) else (low, middle)
        return high
    return count
