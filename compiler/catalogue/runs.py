"""Runs of words in a text that name devices, and the numbers beside them."""

from __future__ import annotations

import re

from servec.compiler.catalogue.heard import members, of_size
from servec.compiler.catalogue.spelt import sizes_in
from servec.dsl.whole import whole

RUN, WORDS = 7, 120
"""Words of one name, and those of one part of a text that are read."""
NUMBERS = {
    **{"two": 2, "dual": 2, "three": 3, "triple": 3, "four": 4, "quad": 4, "six": 6, "eight": 8},
    **{"\u53cc": 2, "\u4e24": 2, "\u4e8c": 2, "\u4e09": 3, "\u56db": 4, "\u516d": 6, "\u516b": 8},
}
CARDS = frozenset(("\u5f20", "\u5361", "\u5757", "\u53f0", "\u4e2a", "\u8def"))
UNITS = CARDS | frozenset(
    ("gpu", "gpus", "card", "cards", "chip", "chips", "device", "devices", "x", "pcs")
)
"""What stands between a number and a name, in English and in Chinese (a count of cards)."""
CUT = re.compile(
    r"\s*(?:[,;|()\[\]{}\"`\u201c\u201d\u2014+=/:]|\band\b|\bor\b|\bwith\b|\bw/|\bplus\b|\s-\s)\s*",
    re.I,
)
TIMES = re.compile(
    r"(?<![\w.])(\d{1,3})(?:\s*\*|x|\s+x(?=\s))\s*(?=[a-z\d])"
    r"|(?:\s+x\s*|(?<=[\d)s])x|(?<=[\w)])\s*\*\s*|(?<=\w):)(?!86\b)(\d{1,4})(?![\w.])",
    re.I,
)
HOST = re.compile(r"\d+\s*g(?:i?b)?\s*(?:of\s+)?(?:system\s+|host\s+|ddr\d\s+)?ram\b", re.I)
BARE_NUMBER = re.compile(r"[\d.]{1,3}|\d+\s?gi?b?|x .*|.* x", re.I)

Run = tuple[tuple[str, ...], int]


def named_runs(text: str) -> list[Run]:
    """The names that runs of words stand for, with the number that stands beside each (0: none)."""
    found: list[Run] = []
    for part in parts(text):
        found += _runs(part.split()[:WORDS], text)
    return found


def parts(text: str) -> list[str]:
    """What a text says, cut at its punctuation, with `x` apart between a number and a name."""
    marked = TIMES.sub(lambda m: f" {m[1]} x " if m[1] else f" x {m[2]} ", text)
    return CUT.split(marked)


def numbers(text: str, before: bool = True) -> list[int]:
    """Numbers of devices that stand apart from what names them: `with 4 TPU chips`, `NVLink x2`;
    with `before` those before something that is no name, too.
    """
    times = TIMES.finditer(text)
    found = [int(one[1] or one[2]) for one in times if before or one[2]]
    found += [NUMBERS[word] for word in text.lower().split() if word in NUMBERS]
    counted = r"\b(\d{1,3})\s+(?:[a-z]+\s+)?(?:gpus|cards|chips|devices)\b"
    return found + [int(one) for one in re.findall(counted, text, re.I)]


def _runs(words: list[str], text: str) -> list[Run]:
    """Names among the words of one part; longer ones are taken first."""
    found: list[tuple[int, tuple[str, ...], int]] = []
    taken: set[int] = set()
    for length in range(min(RUN, len(words)), 0, -1):
        for start in range(len(words) - length + 1):
            span = range(start, start + length)
            if not taken.isdisjoint(span):
                continue
            number = _number(words, start, start + length)
            names = _named(" ".join(words[start : start + length]), text, number)
            if names:
                taken |= set(span)
                found.append((start, names, number))
    return [(names, number) for _, names, number in sorted(found)]


def _named(run: str, text: str, number: int) -> tuple[str, ...]:
    """The devices that a run of words names, of the memory that the text states."""
    if not re.search(r"\d", run) or BARE_NUMBER.fullmatch(run):
        return ()
    found = members(run)
    if not found:
        return ()
    low = re.sub(r"[-_/,]", " ", text.lower())
    sizes = sizes_in(run.lower()) or sizes_in(HOST.sub(" ", low))
    together = [size // number for size in sizes if number > 1]
    for size in (*sizes, *together, *sizes_in(low)):
        if fit := of_size(found, size):
            return fit
    return _of_other_size(of_size(found, 0), sizes)


def _of_other_size(found: tuple[str, ...], sizes: list[int]) -> tuple[str, ...]:
    """The card with the memory that is stated where it is not its own (`rtx-4090-48g`)."""
    from servec.compiler.catalogue.resized import memory_of

    for size in sizes:
        made = tuple(f"{name}-{size}g" for name in found if memory_of(name, size))
        if made:
            return made
    return found


def _number(words: list[str], start: int, end: int) -> int:
    """The number that stands before or behind a name."""
    after = words[end : end + 2]
    if len(after) == 2 and after[0] == "x" and (times := whole(after[1])) is not None:
        return times
    if len(after) == 2 and after[1] in CARDS:
        return NUMBERS.get(after[0], whole(after[0]) or 0)
    before = words[max(0, start - 2) : start]
    while before and before[-1].lower() in UNITS:
        before = before[:-1]
    word = before[-1].lower() if before else ""
    if word in NUMBERS:
        return NUMBERS[word]
    count = whole(word) or 0
    return count if 1 < count <= 1024 else 0
