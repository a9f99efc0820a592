"""A parser that no runtime has: a slip that would leave those that ask for no name (SRV310)."""

from __future__ import annotations

from servec.compiler.rules.asked import PARSERS
from servec.compiler.rules.labels import at, write
from servec.dsl.diagnostic import Diagnostic, Figure, Fix

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from servec.compiler.target import Target
    from servec.dsl.spec import Spec


def judge(
    spec: Spec, targets: Sequence[Target], versions: Mapping[str, str]
) -> Iterator[Diagnostic]:
    """The words of `features.tools` and `features.reasoning` that no runtime's list has.

    Nothing is said where no runtime has a list, or a file of the user's knows the word.
    """
    for path in PARSERS:
        word = spec.word(path)
        if word in (None, "auto") or path + "_plugin" in spec.settings:
            continue
        known: set[str] = set()
        for target in reversed(targets):  # one that has the word settles it; the last have most
            version = versions[target.name]
            values = target.capabilities(version).values if version else {}
            if word in values.get(path, ()):
                break
            known.update(values.get(path, ()))
        else:
            if known:
                yield _strange(spec, path, str(word), sorted(known))


def _strange(spec: Spec, path: str, word: str, known: list[str]) -> Diagnostic:
    from difflib import get_close_matches

    near = get_close_matches(word, known, 1)
    fix = Fix("take the model's own parser", write(spec, {path: "auto"}))
    if near:
        fix = Fix(f"write `{near[0]}`", write(spec, {path: near[0]}))
    return Diagnostic(
        "SRV310",
        "error",
        f"no runtime has `{path} = {word}`"[:100],
        at(spec, path, "not a word of any runtime"),
        (),
        (Figure("known", len(known), f"nearest: {near[0]}" if near else "no word is near it"),),
        (fix,),
        doubts=(path,),
    )
