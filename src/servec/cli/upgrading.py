"""Finds what a runtime upgrade touches in specs, reading only those that speak to the runtime."""

from __future__ import annotations

import os
import re

from servec.cli.errors import UsageError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from servec.cli.sources import DiskSources
    from servec.compiler.options.table import OptionTable
    from servec.compiler.options.upgrade import Touched
    from servec.dsl.spec import Spec

SKIPPED = ("generated", "build", "node_modules")


def spec_files(words: Sequence[str]) -> tuple[str, ...]:
    """The `.srv` files behind SPEC…|FOLDER…, in order; hidden and output folders are left out."""
    found: list[str] = []
    for word in words:
        if not os.path.isdir(word):
            found.append(word)
            continue
        for base, folders, files in os.walk(word):
            kept = (f for f in folders if not f.startswith(".") and f not in SKIPPED)
            folders[:] = sorted(kept)
            found += [os.path.join(base, name) for name in sorted(files) if name.endswith(".srv")]
    if not found:
        raise UsageError(f"there is no .srv file in {', '.join(words)}")
    return tuple(dict.fromkeys(found))


def speaks(text: bytes, runtime: str) -> bool:
    """Whether a file may hold options or variables for a runtime, its own or imported ones."""
    return bool(re.search(rb"\bon\s+%b\b|\benv\b|\bimport\b" % runtime.encode(), text))


def touched_in(
    sources: DiskSources, file: str, runtime: str, old: OptionTable, new: OptionTable
) -> Iterator[tuple[str, Touched]]:
    """Deployment and line for everything of a file that the step touches; each line once."""
    from servec.dsl.load import load

    if not speaks(sources.read(file) or b"", runtime):
        return
    document, _ = load(sources, file)
    if document is None:
        return
    seen = set()
    for spec in document.deployments:
        for part in (spec, *spec.roles.values()):
            for item in _of(part, runtime, old, new):
                key = (item.code, item.span)
                if key not in seen:
                    seen.add(key)
                    yield spec.name, item


def _of(part: Spec, runtime: str, old: OptionTable, new: OptionTable) -> tuple[Touched, ...]:
    """One deployment or role; a block that states another version is not what is upgraded."""
    from servec.compiler.options.upgrade import touched
    from servec.dsl.record import replace
    from servec.targets.shared.options import context_of
    from servec.targets.shared.table import picked

    block = part.on.get(runtime)
    if block is None and not part.env:
        return ()
    if block is not None and block.version is not None:
        stated = picked(runtime, str(block.version.value))
        if old.version not in stated.tables:
            return ()
    context = context_of(runtime, part, old.version)
    return touched(replace(context, tables=(old,)), new)
