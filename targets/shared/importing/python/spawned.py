"""Engines whose workers import the program again, and so would start another."""

from __future__ import annotations

from servec.targets.shared.importing.python.expressions import TooLong
from servec.targets.shared.importing.python.walk import Walk

TYPE_CHECKING = False
if TYPE_CHECKING:
    from servec.targets.shared.importing.python.page import Page

IMPORTED = "__mp_main__"
"""What a program is called where `multiprocessing` imports it again."""
SERVED = ("FastAPI", "Flask", "Starlette", "APIRouter", "Sanic", "deployment", "App", "ingress")
"""What says that another program imports this one: that one's workers do not."""
WHY = 'its workers import the program again: let it stand under `if __name__ == "__main__":`'


def imported_again(page: Page) -> frozenset[tuple[int, int]]:
    """Where the calls stand that a program makes wherever it is imported; none for a program that
    another imports."""
    walk = Walk(page, {})
    try:
        walk.program(name=IMPORTED)
    except TooLong:
        return frozenset()
    if any(made.path.rpartition(".")[2] in SERVED for made in walk.made):
        return frozenset()
    return frozenset((made.node.lineno, made.node.col_offset) for made in walk.made)
