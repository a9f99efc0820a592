"""Counts and amounts in another order or spelling: `8 x h100`, `h100*8`, `4 k tokens`."""

from __future__ import annotations

import re

from servec.dsl.checks.srv009_unexpected import finding
from servec.dsl.diagnostic import Diagnostic, Edit, Fix
from servec.dsl.wording import code

TYPE_CHECKING = False
if TYPE_CHECKING:
    from servec.dsl.diagnostic import Span
    from servec.dsl.unexpected import Unexpected

MULTIPLIERS = {"k": "k", "m": "M", "ki": "Ki", "mi": "Mi"}


def quoted_kind(here: Unexpected) -> Diagnostic:
    """`"h100" x 8`."""
    kind = here.word(-1)[1:-1]
    fixes: tuple[Fix, ...] = ()
    if re.fullmatch(r"[A-Za-z_][A-Za-z0-9_.-]*", kind):
        fixes = (Fix("leave out the quotes", (Edit(here.span(-1), kind),)),)
    return finding(
        "the kind of a count is a word, as in `h100 x 8`",
        here.span(-1, 1),
        "a word has no quotes",
        fixes,
    )


def reference_in_count(here: Unexpected) -> Diagnostic:
    """`h200 x $gpus`."""
    whole = f"{here.word(-2)} x 8"
    return finding(
        f"{code(here.word())} stands for a whole value, not for a part of one",
        here.span(),
        f"name the count as a whole: {code('let gpus = ' + whole)}",
    )


def count_reversed(here: Unexpected) -> Diagnostic:
    """`8 x h100`."""
    span = here.span(-2, 0)
    written = f"{here.word()} x {here.word(-2)}"
    return finding(
        f"a count is written kind first, as in {code(written)}",
        span,
        "the number stands last",
        (Fix("put the kind first", (Edit(span, written),)),),
    )


def count_glued(here: Unexpected) -> Diagnostic:
    """`h100 x8`, `h100 * 8`."""
    times = here.word() == "*"
    number = here.word(1) if times else here.word()[1:]
    return _apart(here, here.span(-1, 1 if times else 0), number)


def count_colon(here: Unexpected) -> Diagnostic:
    """`h100:8`."""
    return _apart(here, here.span(-1, 1), here.word(1))


def _apart(here: Unexpected, span: Span, number: str) -> Diagnostic:
    written = f"{here.word(-1)} x {number}"
    return finding(
        f"a count is written with `x` between spaces, as in {code(written)}",
        span,
        "kind, `x` and number stand apart",
        (Fix("write it as a count", (Edit(span, written),)),),
    )


def money(here: Unexpected) -> Diagnostic:
    """`$20/h`."""
    span = here.span(0, here.run_end())
    written = f"{here.word(1)} USD/h"
    return finding(
        f"money is written {code(written)}",
        span,
        "the unit stands behind the number",
        (Fix(f"write {code(written)}", (Edit(span, written),)),),
    )


def several_numbers(here: Unexpected) -> Diagnostic:
    """`0,1` for a string, `1, 2, 4` for a list."""
    last = 1
    while here.kind(last + 1) == "," and here.kind(last + 2) == "NUMBER":
        last += 2
    span = here.span(-1, last)
    text = here.tokens.text[span.start : span.end]
    written = f'"{text}"' if here.touching(1) else f"[{text}]"
    return finding(
        "numbers with commas are a string or a list",
        span,
        f"written {code(written)}",
        (Fix(f"write {code(written)}", (Edit(span, written),)),),
    )


def multiplier_apart(here: Unexpected) -> Diagnostic:
    """`4K tokens`, `4 k tokens`."""
    number = here.word(-2) + MULTIPLIERS[here.word(-1).lower()]
    span = here.span(-2, -1)
    return finding(
        f"a multiplier touches its number, as in {code(f'{number} {here.word()}')}",
        span,
        "`k`, `M`, `Ki` and `Mi` are the multipliers",
        (Fix(f"write {code(number)}", (Edit(span, number),)),),
    )
