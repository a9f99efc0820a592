"""The rules of the front end, in order of code. Their modules are imported only when asked."""

from __future__ import annotations

from servec.dsl.rule import Rule

TYPE_CHECKING = False
if TYPE_CHECKING:
    from servec.dsl.diagnostic import Severity


def _rule(code: str, module: str, name: str, severity: Severity = "error") -> Rule:
    return Rule(code, severity, name, f"servec.dsl.checks.{module}")


RULES: tuple[Rule, ...] = (
    _rule("SRV001", "srv001_pragma", "pragma"),
    _rule("SRV002", "srv002_string", "string"),
    _rule("SRV003", "srv003_version", "language-version"),
    _rule("SRV004", "srv004_comparison", "comparison"),
    _rule("SRV005", "srv005_two_statements", "two-statements"),
    _rule("SRV006", "srv006_bracket", "bracket"),
    _rule("SRV007", "srv007_arithmetic", "arithmetic"),
    _rule("SRV008", "srv008_unquoted", "unquoted"),
    _rule("SRV009", "srv009_unexpected", "unexpected"),
    _rule("SRV010", "srv010_not_here", "not-here"),
    _rule("SRV101", "srv101_unknown_block", "unknown-block"),
    _rule("SRV102", "srv102_unknown_field", "unknown-field"),
    _rule("SRV103", "srv103_unknown_reference", "unknown-reference"),
    _rule("SRV104", "srv104_twice", "said-twice"),
    _rule("SRV105", "srv105_cycle", "cycle"),
    _rule("SRV106", "srv106_unknown_name", "unknown-name"),
    _rule("SRV107", "srv107_unset", "unset-of-nothing"),
    _rule("SRV108", "srv108_crossing", "crossing-bounds"),
    _rule("SRV109", "srv109_relation", "relation-refused"),
    _rule("SRV110", "srv110_type", "wrong-type"),
    _rule("SRV111", "srv111_other_unit", "other-unit"),
    _rule("SRV112", "srv112_no_unit", "unit-missing"),
    _rule("SRV113", "srv113_unknown_unit", "unknown-unit"),
    _rule("SRV114", "srv114_value", "value-outside"),
    _rule("SRV115", "srv115_unused_let", "unused-let", "warning"),
    _rule("SRV116", "srv116_import", "import-outside"),
    _rule("SRV117", "srv117_required", "required-missing"),
)
