"""Rules of the command line itself."""

from __future__ import annotations

from servec.dsl.rule import Rule

RULES: tuple[Rule, ...] = (Rule("SRV901", "error", "bug", "servec.cli.crash"),)
