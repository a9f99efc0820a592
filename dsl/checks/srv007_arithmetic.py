"""Arithmetic in a value.

Checks: a value is one number, word, string, count, list or reference.
Because: a reviewer must see the final value, and two places that compute it would have to agree.
Wrong: limits { batched_tokens = 16 * 1024 tokens }
Right: limits { batched_tokens = 16Ki tokens }
Source: language reference, first paragraph, and "Compared"
"""

from __future__ import annotations

from servec.dsl.diagnostic import Diagnostic, Edit, Fix, Label, Span
from servec.dsl.units import exact, multiplier
from servec.dsl.wording import code

TYPE_CHECKING = False
if TYPE_CHECKING:
    from fractions import Fraction

    from servec.dsl.unexpected import Unexpected


def arithmetic(here: Unexpected) -> Diagnostic:
    """`+ - * /` behind a number or a reference."""
    start = 0 if here.word() == "(" else -1
    if here.kind(start) == "UNIT":
        start -= 1
    end = 0
    while here.kind(end + 1) in ("NUMBER", "REF", "BAD", "UNIT"):
        end += 1
    span = here.span(start, end)
    sign = here.word()[0]
    return Diagnostic(
        "SRV007",
        "error",
        f"the language has no arithmetic, and {code(sign)} is no part of a value",
        Label(span, "write the result"),
        fixes=_result(here),
    )


def _result(here: Unexpected) -> tuple[Fix, ...]:
    """The value of a sum of two whole numbers, where it is whole."""
    sign, second = here.word(), 1
    if here.kind() == "NUMBER":
        sign, second = "-", 0
    if here.kind(-1) != "NUMBER" or here.kind(second) != "NUMBER":
        return ()
    left = exact(here.word(-1))
    right = exact(here.word(second).lstrip("-"))
    if left is None or right is None or here.kind(second + 1) == "BAD":
        return ()
    value = _computed(left, sign, right)
    if value is None or value.denominator != 1 or multiplier(here.word(second)):
        return ()
    first, last = here.span(-1), here.span(second)
    span = Span(first.file, first.start, last.end)
    return (Fix("write the result", (Edit(span, _written(value.numerator)),)),)


def _written(value: int) -> str:
    """`16Ki` for a multiple of 1024, else the digits."""
    return f"{value // 1024}Ki" if value and value % 1024 == 0 else str(value)


def _computed(left: Fraction, sign: str, right: Fraction) -> Fraction | None:
    if sign == "/":
        return left / right if right else None
    return {"+": left + right, "-": left - right, "*": left * right}.get(sign)
