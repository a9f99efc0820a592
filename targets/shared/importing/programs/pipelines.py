"""Lines of a server for what makes images, films or sound: little of a runtime's rules holds there.

`pipelines` in `targets/<name>/lenient.json`: `programs` that hand such a model to that server by
themselves, `flags` by which a line says that it is one of it, `options` what else it has.
"""

from __future__ import annotations

from servec.targets.shared.lenient import lenient

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from servec.dsl.diagnostic import Diagnostic
    from servec.targets.shared.importing.programs.program import Command


def taken_over(
    item: Command, runtime: str, model: str, stated: bool
) -> tuple[str, frozenset[str]] | None:
    """Which server takes a line over, as a finding says it, and its options; None where none does.

    `stated`: the user named a version of the runtime, so that it is asked of that one's parser.
    """
    row = lenient(runtime).get("pipelines")
    if row is None:
        return None
    from servec.compiler.catalogue.classed import classed

    heads = {word.partition("=")[0] for word in item.given or item.words}
    named = not stated and not heads.isdisjoint(row["flags"])
    program = any(tuple(words) == item.program for words in row["programs"])
    found = classed(model) if program else None
    if not named and (found is None or not found.makes):
        return None
    own = frozenset(flag.lstrip("-") for flag in (*row["flags"], *row.get("options", ())))
    return str(row["why"]), own


def spared(server: tuple[str, frozenset[str]], found: Iterable[Diagnostic]) -> Iterator[Diagnostic]:
    """The findings on a line that another server takes over: what is refused is warned of.

    An option that neither server has is refused all the same, where those of the other are known.
    """
    from servec.dsl.diagnostic import Figure
    from servec.dsl.record import replace

    why, own = server
    for one in found:
        word = one.title.partition("`")[2].partition("`")[0].lstrip("-").replace("_", "-")
        foreign = one.code == "SRV201" and bool(own) and word.partition(" ")[0] not in own
        if one.severity != "error" or foreign:
            yield one
        else:
            figures = (*one.figures, Figure("why", None, why))
            yield replace(one, severity="warning", figures=figures)
