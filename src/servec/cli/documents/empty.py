"""The document of a command that came to no result."""

from __future__ import annotations

from importlib import import_module

from servec.cli.documents import DOCUMENTS
from servec.cli.documents.plain import plain

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any


def empty_document(what: str | Mapping[str, Any]) -> dict[str, Any]:
    """The document named `what` with nothing in its lists, or `what` itself as plain JSON."""
    if isinstance(what, str):
        module, _, cls = DOCUMENTS[what].partition(":")
        what = getattr(import_module(module), cls)()
    found: dict[str, Any] = plain(what)
    return found
