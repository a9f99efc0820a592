"""What YAML, a command line or another language writes, where a spec writes it otherwise.

Part of SRV009.
"""

from __future__ import annotations

from servec.dsl.checks.srv009_unexpected import finding
from servec.dsl.diagnostic import Edit, Fix, Span
from servec.dsl.unexpected import RELATIONS
from servec.dsl.wording import code

TYPE_CHECKING = False
if TYPE_CHECKING:
    from servec.dsl.diagnostic import Diagnostic
    from servec.dsl.unexpected import Unexpected

VALUES = {"model": "qwen3-8b", "hardware": "h100 x 8", "target": "vllm"}
"""Fields that other tools have blocks for, each with a value of it."""


def is_extends(here: Unexpected) -> bool:
    """`deployment "a" extends base {`."""
    return here.word() == "extends" and "{" in here.row and here.is_word(1)


def is_block_as_value(here: Unexpected) -> bool:
    """`precision = { … }`."""
    return here.kind() == "{" and here.kind(-1) in RELATIONS


def is_value_as_block(here: Unexpected) -> bool:
    """`hardware = { type = h100 }`."""
    return is_block_as_value(here) and here.word(-2) in VALUES


def is_second_number(here: Unexpected) -> bool:
    """`h100 x 8 x 2`."""
    counted = here.kind(-1) == "NUMBER" and here.word(-2) == "x"
    return counted and here.word() == "x" and here.kind(1) == "NUMBER"


def is_slashes(here: Unexpected) -> bool:
    """`// comment`."""
    begins = not here.touching() and here.word() == "/" and here.word(1) == "/"
    return begins and here.touching(1)


def is_mapping(here: Unexpected) -> bool:
    """`precision:` at the end of a line."""
    return is_colon(here) and here.kind(1) == "NL"


def is_block_colon(here: Unexpected) -> bool:
    """`precision: {`."""
    return is_colon(here) and here.kind(1) == "{" and here.word(-1) not in VALUES


def is_value_behind(here: Unexpected) -> bool:
    """`max-num-seqs 64`."""
    number = here.kind() == "NUMBER" and here.is_word(-1) and "=" in here.row
    return number and here.kind(1) in (";", "NL", "}", "END")


def is_brace_below(here: Unexpected) -> bool:
    """`{` at the beginning of a line."""
    return here.kind() == "NL" and here.kind(1) == "{" and "{" in here.row


def is_colon(here: Unexpected) -> bool:
    """`name: value`."""
    return here.kind() == "BAD" and here.word() == ":" and "=" in here.row


def is_flag(here: Unexpected) -> bool:
    """`--max-num-seqs = 64` where a statement begins."""
    if here.word() != "-" or "WORD" not in here.row or "}" not in here.row:
        return False
    count = 1 if here.word(1) != "-" else 2
    return here.is_word(count) and all(here.touching(step) for step in range(1, count + 1))


def extends_behind(here: Unexpected) -> Diagnostic:
    """`deployment "a" extends base {`, as classes are written."""
    said = f"extends = [{here.word(1)}]"
    fixes: tuple[Fix, ...] = ()
    if here.kind(2) == "{":
        head = Span(here.parser.path, here.span(-1).end, here.span(2).end)
        fixes = (Fix("say it inside", (Edit(head, f" {{ {said}"),)),)
    title = "a profile is named inside of the block that takes it over"
    return finding(title, here.span(0, 1), f"a field of the block: {code(said)}", fixes)


def brace_below(here: Unexpected) -> Diagnostic:
    """`{` stands on the line below its block's name."""
    gap = Span(here.parser.path, here.span(-1).end, here.span(1).start)
    return finding(
        "`{` stands on the line of its block's name",
        here.span(1),
        "move it to the line above",
        (Fix("move the brace up", (Edit(gap, " "),)),),
    )


def flag(here: Unexpected) -> Diagnostic:
    """`--max-num-seqs = 64`, as on a command line."""
    count = 1 if here.word(1) != "-" else 2
    span, dashes = here.span(0, count), here.span(0, count - 1)
    return finding(
        f"{code('-' * count + here.word(count))} is an option of a command line",
        span,
        "an option stands in `on` without its dashes",
        (Fix("leave out the dashes", (Edit(dashes, ""),), safe=True),),
    )


def colon(here: Unexpected) -> Diagnostic:
    """`name: value`."""
    gap = Span(here.parser.path, here.span(-1).end, here.span(1).start)
    return finding(
        "a name and its value are joined by `=`, not by `:`",
        here.span(),
        "write `=`",
        (Fix("write `=`", (Edit(gap, " = "),)),),
    )


def mapping(here: Unexpected) -> Diagnostic:
    """`precision:` with lines below, as YAML has it."""
    name = here.word(-1)
    return finding(
        "what belongs to a block stands in braces, not below a `:`",
        here.span(-1, 0),
        f"written {code(f'{name} {{ ... }}')}",
        (Fix(f"write {code(f'{name} {{')}, its lines with `=`, and {code('}')} below them"),),
    )


def block_as_value(here: Unexpected) -> Diagnostic:
    """`precision = { … }`."""
    return _sign_before_block(here, 0)


def block_colon(here: Unexpected) -> Diagnostic:
    """`precision: { … }`."""
    return _sign_before_block(here, 1)


def _sign_before_block(here: Unexpected, step: int) -> Diagnostic:
    """A sign between the name of a block and its `{`, which stands `step` further on."""
    gap = Span(here.parser.path, here.span(step - 2).end, here.span(step).start)
    sign = "`:`" if step else "relation"
    return finding(
        f"a block takes no {sign} before its `{{`",
        here.span(step - 1),
        "a block is its name and `{`",
        (Fix("leave it out", (Edit(gap, " "),)),),
    )


def value_as_block(here: Unexpected) -> Diagnostic:
    """`hardware = { type = h100, count = 8 }`."""
    name = here.word(-2)
    return finding(
        f"{code(name)} is a field, and takes no block",
        here.span(-2, 0),
        f"written {code(f'{name} = {VALUES[name]}')}",
        (Fix(f"say it in one, as in {code(f'{name} = {VALUES[name]}')}"),),
    )


def second_number(here: Unexpected) -> Diagnostic:
    """`h100 x 8 x 2`."""
    count = here.word(1)
    rest = Span(here.parser.path, here.span(-1).end, here.span(1).end)
    return finding(
        "a count has one number: the devices of one machine",
        here.span(0, 1),
        "how many machines is another field",
        (Fix(f"write {code(f'nodes = {count}')}", (Edit(rest, f"; nodes = {count}"),)),),
    )


def slashes(here: Unexpected) -> Diagnostic:
    """`// comment`."""
    span = here.span(0, 1)
    return finding(
        "a comment begins with `#`", span, "write `#`", (Fix("write `#`", (Edit(span, "#"),)),)
    )


def value_behind(here: Unexpected) -> Diagnostic:
    """`max-num-seqs 64`, as on a command line."""
    gap = Span(here.parser.path, here.span(-1).end, here.span().start)
    return finding(
        f"{code(here.word())} stands behind its name without `=`",
        here.span(),
        "expected `=` between the two",
        (Fix("write `=` between the two", (Edit(gap, " = "),)),),
    )
