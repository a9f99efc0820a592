"""What an unexpected token means: a table from what stands there to a finding and a repair.

The parser's accept set is never printed: the first row whose test holds names the code, and says
how the parser goes on. The last row holds always (SRV009).
"""

from __future__ import annotations

from servec.dsl import recover
from servec.dsl.checks import (
    counts,
    foreign,
    json_value,
    pinned,
    srv002_string,
    srv004_comparison,
    srv005_two_statements,
    srv006_bracket,
    srv007_arithmetic,
    srv008_unquoted,
    srv009_unexpected,
    srv010_not_here,
)
from servec.dsl.unexpected import RELATIONS, Unexpected

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from servec.dsl.diagnostic import Diagnostic

    Row = tuple[
        Callable[[Unexpected], bool],
        Callable[[Unexpected], Diagnostic],
        Callable[[Unexpected], None],
    ]


def _is_comparison(here: Unexpected) -> bool:
    return here.kind() == "BADOP" and not RELATIONS.isdisjoint(here.row)


def _is_open_at_end(here: Unexpected) -> bool:
    return here.kind() == "END" and bool(here.parser.open)


def _is_list_cut(here: Unexpected) -> bool:
    """`}` or a new statement inside a list."""
    if not here.list_open():
        return False
    return here.kind() == "}" or (here.kind(-1) == "NL" and here.starts_statement())


def _is_extra(here: Unexpected) -> bool:
    return here.kind() == "}" and not here.parser.open


def _is_extra_list_end(here: Unexpected) -> bool:
    return here.kind() == "]" and not here.list_open()


def _is_sum(here: Unexpected) -> bool:
    """`+ * /` behind a number or reference, a bracket of a sum, or two numbers in a row."""
    before = here.kind(-1)
    if here.kind() == "BAD" and here.word() in "+*/-":
        return before in ("NUMBER", "UNIT", "REF") and not srv008_unquoted.is_version(here)
    if here.kind() == "BAD" and here.word() == "(":
        return "NUMBER" in here.row and here.kind(1) in ("NUMBER", "REF", "BAD")
    minus = here.kind() == "NUMBER" and here.word().startswith("-")
    return minus and before in ("NUMBER", "UNIT", "REF") and not srv008_unquoted.is_version(here)


def _is_times(here: Unexpected) -> bool:
    """`h100 x8`, `h100 * 8`."""
    if here.kind(-1) != "WORD" or here.kind(-2) not in ("=", "<=", ">=", "[", ","):
        return False
    word = here.word()
    return (word == "*" and here.kind(1) == "NUMBER") or (word[:1] == "x" and word[1:].isdigit())


def _is_count_colon(here: Unexpected) -> bool:
    """`hardware = h100:8`."""
    parts = here.kind(-1) == "WORD" and here.word() == ":" and here.kind(1) == "NUMBER"
    return parts and here.word(-3) == "hardware"


def _is_money(here: Unexpected) -> bool:
    """`$20/h`."""
    return here.word() == "$" and here.kind(1) == "NUMBER" and here.touching(1)


def _is_several_numbers(here: Unexpected) -> bool:
    """`0,1` where no list is open."""
    parts = here.kind() == "," and here.kind(-1) == "NUMBER" and here.kind(1) == "NUMBER"
    return parts and not here.list_open() and here.kind(-2) in RELATIONS


def _is_quoted_kind(here: Unexpected) -> bool:
    """`"h100" x 8`."""
    return here.kind(-1) == "STRING" and here.word() == "x" and here.kind(1) == "NUMBER"


def _is_number_label(here: Unexpected) -> bool:
    """`deployment 70b-chat {`."""
    return here.kind() == "NUMBER" and "STRING" in here.row and "NUMBER" not in here.row


def _is_second_statement(here: Unexpected) -> bool:
    """A statement begins where the line should end."""
    if here.kind(-1) in ("NL", ";"):
        return False
    return bool({";", "NL"} & here.row.keys()) and here.starts_statement()


def _is_second_after_unit(here: Unexpected) -> bool:
    """The first word of a second statement was taken for a unit: `tensor = 8 expert = 4`."""
    number = here.kind(-2) == "NUMBER" and not here.touching(-1)
    return number and here.is_word(-1) and here.starts_statement(-1) and not here.list_open()


def _is_comma(here: Unexpected) -> bool:
    """`weights = fp8, kv = fp8`: a comma where a statement ends and the next begins."""
    parts = here.kind() == "," and not here.list_open() and bool({";", "NL"} & here.row.keys())
    begins = here.starts_statement(1) or (here.is_word(1) and here.word(2) == ":")
    return parts and (begins or here.kind(1) in ("NL", "}"))


def _is_part(here: Unexpected) -> bool:
    """`h200 x $gpus`: a reference for a part of a value."""
    return here.kind() == "REF" and here.word(-1) == "x" and "NUMBER" in here.row


def _is_object(here: Unexpected) -> bool:
    """`name = {"key": …}`."""
    return (
        here.kind() == "{" and here.kind(-1) in RELATIONS and here.kind(1) in ("STRING", "BADTEXT")
    )


def _is_pragma(here: Unexpected) -> bool:
    return here.kind() == "servec" and "ERROR" in here.row


def _is_path(here: Unexpected) -> bool:
    """A path or address without quotes, where a value may stand or has begun."""
    if here.kind() == "UNIT" and "STRING" in here.row:
        return "/" in here.word()
    glued = here.kind() == "BAD" and here.word() in "/:@~" and here.touching()
    return (glued and here.is_word(-1)) or (here.word() in ("/", "~", ".") and "STRING" in here.row)


def _is_reversed(here: Unexpected) -> bool:
    """`8 x h100`: `x` was taken for a unit."""
    return here.is_word() and here.word(-1) == "x" and here.kind(-2) == "NUMBER"


def _is_multiplier(here: Unexpected) -> bool:
    """A multiplier that does not touch its number, or in other letters, before the unit."""
    word = here.word(-1).lower()
    return here.kind(-2) == "NUMBER" and word in counts.MULTIPLIERS and here.is_word()


def _is_foreign(here: Unexpected) -> bool:
    return here.kind() == "BAD" and not here.word().isascii()


TABLE: tuple[Row, ...] = (
    (lambda here: here.kind() == "BADTEXT", srv002_string.bad_string, recover.read_as_string),
    (_is_comparison, srv004_comparison.comparison, recover.read_as_relation),
    (_is_open_at_end, srv006_bracket.open_at_end, recover.close_blocks),
    (_is_list_cut, srv006_bracket.list_not_closed, recover.close_list),
    (_is_extra, srv006_bracket.closes_nothing, recover.drop_bracket),
    (_is_extra_list_end, srv006_bracket.closes_nothing, recover.drop_token),
    (foreign.is_flag, foreign.flag, recover.drop_dashes),
    (foreign.is_slashes, foreign.slashes, recover.skip_line),
    (_is_sum, srv007_arithmetic.arithmetic, recover.skip_statement),
    (_is_times, counts.count_glued, recover.skip_statement),
    (_is_count_colon, counts.count_colon, recover.skip_statement),
    (_is_money, counts.money, recover.skip_statement),
    (_is_quoted_kind, counts.quoted_kind, recover.skip_statement),
    (pinned.is_pinned_block, pinned.pinned_block, recover.skip_pinned),
    (foreign.is_second_number, foreign.second_number, recover.skip_statement),
    (foreign.is_value_behind, foreign.value_behind, recover.insert_relation),
    (_is_number_label, srv008_unquoted.unquoted, recover.read_as_word),
    (srv008_unquoted.is_glued, srv008_unquoted.unquoted, recover.skip_statement),
    (_is_several_numbers, counts.several_numbers, recover.skip_statement),
    (_is_comma, srv005_two_statements.comma, recover.read_as_semicolon),
    (_is_part, counts.reference_in_count, recover.skip_statement),
    (foreign.is_extends, foreign.extends_behind, recover.drop_extends),
    (_is_second_after_unit, srv005_two_statements.after_unit, recover.end_statement_before),
    (_is_second_statement, srv005_two_statements.second, recover.end_statement),
    (_is_reversed, counts.count_reversed, recover.skip_statement),
    (_is_multiplier, counts.multiplier_apart, recover.skip_statement),
    (_is_foreign, srv009_unexpected.not_ascii, recover.skip_statement),
    (_is_object, json_value.json_object, recover.skip_object),
    (foreign.is_value_as_block, foreign.value_as_block, recover.skip_object),
    (foreign.is_block_as_value, foreign.block_as_value, recover.skip_statement),
    (pinned.is_options_behind, pinned.options_behind, recover.skip_object),
    (foreign.is_brace_below, foreign.brace_below, recover.drop_token),
    (foreign.is_mapping, foreign.mapping, recover.skip_statement),
    (foreign.is_block_colon, foreign.block_colon, recover.drop_token),
    (foreign.is_colon, foreign.colon, recover.read_as_relation),
    (pinned.is_pinned, pinned.pinned, recover.skip_statement),
    (_is_path, srv009_unexpected.path_unquoted, recover.skip_statement),
    (_is_pragma, srv010_not_here.pragma_again, recover.skip_statement),
)


def translate(here: Unexpected) -> tuple[Diagnostic, Callable[[Unexpected], None]]:
    """The finding at the place, and the repair that goes with it."""
    for test, finding, repair in TABLE:
        if test(here):
            return finding(here), repair
    return srv009_unexpected.unexpected(here), recover.skip_statement
