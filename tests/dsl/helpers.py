"""Short ways to load a spec from text and to look at what was found."""

from __future__ import annotations

from typing import TYPE_CHECKING

from servec.dsl.load import load
from servec.dsl.sources import MemorySources

if TYPE_CHECKING:
    from collections.abc import Mapping

    from servec.dsl.diagnostic import Diagnostic, Fix, Span
    from servec.dsl.document import Document
    from servec.dsl.spec import Spec

HEAD = 'servec 1\n\ndeployment "d" {\n  model = qwen3-32b\n  hardware = h100 x 8\n'


def deployed(body: str, above: str = "") -> str:
    """A spec whose one deployment has the given statements; `above` stands before it."""
    return HEAD.replace("servec 1\n", f"servec 1\n{above}\n", 1) + f"  {body}\n}}\n"


def loaded(
    text: str | bytes, files: Mapping[str, str | bytes] | None = None, path: str = "a.srv"
) -> tuple[Document | None, tuple[Diagnostic, ...]]:
    """Load `text` as the file `path`, with others beside it."""
    return load(MemorySources({path: text, **(files or {})}), path)


def codes(text: str | bytes, files: Mapping[str, str | bytes] | None = None) -> list[str]:
    """The codes of what is found, in order."""
    return [found.code for found in loaded(text, files)[1]]


def only(text: str, files: Mapping[str, str | bytes] | None = None) -> Diagnostic:
    """The one finding of a text."""
    _, found = loaded(text, files)
    assert len(found) == 1, [(item.code, item.title) for item in found]
    return found[0]


def good(text: str, files: Mapping[str, str | bytes] | None = None) -> Spec:
    """The one deployment of a text without findings."""
    document, found = loaded(text, files)
    assert found == (), [(item.code, item.title) for item in found]
    assert document is not None
    (spec,) = document.deployments
    assert not spec.broken
    return spec


def at(text: str, span: Span) -> str:
    """What stands at a span."""
    return text.encode()[span.start : span.end].decode()


def fixed(text: str, fix: Fix) -> str:
    """The text with a fix applied."""
    data = text.encode()
    for edit in sorted(fix.edits, key=lambda edit: edit.span.start, reverse=True):
        data = data[: edit.span.start] + edit.insert.encode() + data[edit.span.end :]
    return data.decode()
