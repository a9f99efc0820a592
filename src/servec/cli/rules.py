"""Rules of the command line itself."""

from __future__ import annotations

from servec.dsl.rule import Rule

RULES: tuple[Rule, ...] = (
    Rule("SRV211", "note", "left-to-a-run", "servec.cli.pages.srv211_left_to_a_run"),
    Rule("SRV901", "error", "bug", "servec.cli.crash"),
    Rule("SRV902", "error", "broken-table", "servec.cli.pages.srv902_table"),
    Rule("SRV903", "error", "broken-artifact", "servec.cli.pages.srv903_artifact"),
)
