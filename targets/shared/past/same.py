"""What a line of an old release says by options that are gone, in the words of the table.

`targets/<name>/successors.json` has in `set` what says just the same. The finding on such a flag is
of what it means: the experts that `--enable-ep-moe` shares out are so shared for every rule.
"""

from __future__ import annotations

from servec.targets.shared.aside import load_successors

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from servec.compiler.options.table import OptionTable
    from servec.targets.shared.past.line import Use
    from servec.targets.shared.past.release import Release


def same_words(release: Release, table: OptionTable, uses: Sequence[Use]) -> Iterator[str]:
    """The words that the table reads for flags that the release has and the table has not."""
    from servec.compiler.options.argv import find
    from servec.targets.shared.past.ways import ignored

    known = load_successors(release.runtime)
    said: dict[str, tuple[str, ...]] = {}
    for use in uses:
        option = None if ignored(release, use.flag) else find(table, use.flag)
        for flag in option[0].flags if option else ():
            said[flag.lstrip("-")] = use.values
    for use in uses:
        found = known.get(use.flag.lstrip("-"))
        if use.known or found is None or found.set is None or not release.flag(use.flag):
            continue
        for name, shape in found.set.items():
            words = _words(shape, use.values, said)
            if words is not None and name not in said:
                yield "--" + name
                yield from words


def _words(
    shape: object, values: Sequence[str], said: dict[str, tuple[str, ...]]
) -> Sequence[str] | None:
    """The words behind an option: `$` is the old value, `$name` that of another option."""
    if shape is True:
        return ()
    if shape == "$":
        return values
    if isinstance(shape, str) and shape.startswith("$"):
        return said.get(shape[1:]) or None
    return None if isinstance(shape, dict) else (str(shape),)
