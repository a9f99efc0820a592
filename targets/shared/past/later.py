"""Rules of the oldest table that are younger than the release: they refuse nothing of it."""

from __future__ import annotations

from servec.compiler.options.versions import order

TYPE_CHECKING = False
if TYPE_CHECKING:
    from servec.dsl.diagnostic import Diagnostic
    from servec.targets.shared.past.release import Release

DATED = ("sglang", "vllm")
"""Runtimes whose rules begin where they do in the releases before the tables, not at a table."""


def of_later(release: Release, item: Diagnostic) -> bool:
    """Whether a finding is that of rules which all begin after the release."""
    from servec.targets.shared.aside import load_constraints

    if item.code != "SRV310" or release.runtime not in DATED:
        return False
    whys = {figure.text for figure in item.figures if figure.name == "why"}
    rules = load_constraints(release.runtime, release.table)
    since = [rule.since for rule in rules if rule.why in whys]
    here = order(release.version)
    return bool(since) and all(begins and order(begins) > here for begins in since)
