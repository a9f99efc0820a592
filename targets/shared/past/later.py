"""Rules of the oldest table, of which those that are younger than the release refuse nothing of it,
and the others speak of the release."""

from __future__ import annotations

from servec.compiler.options.versions import order

TYPE_CHECKING = False
if TYPE_CHECKING:
    from servec.dsl.diagnostic import Diagnostic
    from servec.targets.shared.past.release import Release

BY_RULE = ("SRV304", "SRV310", "SRV403")
"""Codes that the rules of a runtime have."""
UNREAD = "this release refuses keys that it does not know; its own were not read"
PAIRED = "SRV208"
"""The code of options that exclude or need one another."""


def of_later(release: Release, item: Diagnostic) -> bool:
    """Whether a finding is that of rules which all begin after the release, or do not touch it."""
    from servec.targets.shared.aside import load_constraints, load_exclusions
    from servec.targets.shared.past.ways import dated, overridden

    if item.code not in (*BY_RULE, PAIRED) or not dated(release.runtime):
        return False
    if any(f"`{said}`" in item.title for said in overridden(release)):
        return True
    here = order(release.version)
    whys = {figure.text for figure in item.figures if figure.name == "why"}
    named = tuple(figure.text or "" for figure in item.figures if figure.name == "source")
    load = load_exclusions if item.code == PAIRED else load_constraints
    rules = [rule for rule in load(release.runtime, release.table) if rule.why in whys]
    # rules of one cause may begin at different releases: the source tells which one it is
    exact = [rule for rule in rules if any(text.endswith(rule.source) for text in named)]
    since = [rule.since for rule in exact or rules]
    return bool(since) and all(begins and order(begins) > here for begins in since)


def of_release(release: Release, item: Diagnostic) -> Diagnostic:
    """A finding of a rule that holds for the release as well: of its version, not the table's."""
    from servec.dsl.diagnostic import Figure
    from servec.dsl.record import replace
    from servec.targets.shared.past.ways import dated

    table = f"{release.runtime} {release.table} "
    stray = any("belongs to no option" in (figure.text or "") for figure in item.figures)
    unnamed = item.about == "unnamed"
    if stray or unnamed or of_key(release, item) or item.code in ("SRV203", "SRV205"):
        title = item.title.replace(table, f"{release.runtime} {release.version} ")
        return replace(item, title=title)
    if of_no_release(release, item):
        title = item.title.replace(table, f"{release.runtime} {release.version} ")
        figures = (*item.figures, Figure("why", None, UNREAD))
        return replace(item, title=title, severity="warning", figures=figures)
    by_rule = item.code in BY_RULE and dated(release.runtime)
    if not by_rule or not item.title.startswith(table):
        return item
    title = f"{release.runtime} {release.version} {item.title.removeprefix(table)}"
    return replace(item, title=title)


def of_key(release: Release, item: Diagnostic) -> bool:
    """Whether a finding is of a key of an options file that the release surely lacks as well."""
    if item.code not in ("SRV201", "SRV202", "SRV203"):
        return False
    names = [part for at, part in enumerate(item.title.split("`")) if at % 2]
    held = release.document["sets"].get("gone", {})
    field = item.about == "field"
    word = ".".join(names[:2]) if field else "".join(names[:1])
    if word not in held and not field:
        word = word.replace("_", "-")  # as the line spells it, and as the table does
    return word in held and release.member("gone", word) is True


def of_no_release(release: Release, item: Diagnostic) -> bool:
    """Whether a finding is of a key of an options file that no table has, of a release that refuses
    those it does not know, but whose own were not read."""
    if item.code != "SRV201" or item.about or "`-" in item.title:
        return False
    return release.member("keys", "refused") is True
