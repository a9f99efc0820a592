"""Files that a launch line names and that are not there, where this machine can tell.

A line may be judged far from the machine that it is for. What is taken as told: a folder that is
here and lacks the file, and a bare name beside a model file that is here. What would stand right
under the root is not: every machine has one, and containers are given theirs.
"""

from __future__ import annotations

import os

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from servec.targets.shared.importing.read import Wish

FORMS = ("file", "folder")
"""Forms of what the parser opens itself."""


def unopened(wish: Wish, words: Sequence[str], names: Sequence[str]) -> tuple[tuple[str, str], ...]:
    """Flags of `words` with the files and folders that they lack.

    `names`: options whose files are opened behind the parser.
    """
    from servec.compiler.options.argv import read
    from servec.targets.shared.importing.read import model_of
    from servec.targets.shared.importing.said import said
    from servec.targets.shared.table import load_table

    table = load_table(wish.runtime, wish.version)
    late = [found[0].name for found in map(table.find, names) if found]
    told = []
    model = ""
    for argument in read(table, words).arguments:
        option = argument.option
        if option is None or len(argument.values) != 1 or not argument.values[0]:
            continue
        if option.form in FORMS or option.name in late:
            model = model or model_of(said(table, words))
            path = argument.values[0]
            if _lacking(os.path.expanduser(path), os.path.isfile(model)):
                told.append((argument.flag, f"there is no {path}"))
    return tuple(told)


def _lacking(path: str, beside: bool) -> bool:
    folder = os.path.dirname(path)
    known = os.path.isdir(folder) and folder != os.path.dirname(folder) if folder else beside
    return known and not os.path.exists(path)
