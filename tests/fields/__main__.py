"""The matrix for every version that servec has a table of: `python -m tests.fields [NAME…]`.

The tests look at the oldest and the newest version of each runtime; this is for CI.
"""

from __future__ import annotations

import sys
from collections import Counter

import pytest

from servec.targets import TARGETS
from servec.targets.shared.table import versions
from tests.fields.check import problems, seen_cells


def main(names: list[str]) -> int:
    """Print a line for each version, and what is wrong; exit 1 where anything is."""
    failed = False
    patch = pytest.MonkeyPatch()
    for target in TARGETS:
        for version in versions(target.name) if target.name in names or not names else ():
            found = seen_cells(target.name, version)
            wrong = problems(found, target.name, version, patch)
            kinds = Counter(cell.effect.kind for cell in found)
            counts = ", ".join(f"{kinds[kind]} {kind}" for kind in sorted(kinds))
            sys.stdout.write(f"{target.name} {version}: {len(found)} fields: {counts}\n")
            sys.stdout.write("".join(f"  {line}\n" for line in wrong))
            failed |= bool(wrong)
    return int(failed)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
