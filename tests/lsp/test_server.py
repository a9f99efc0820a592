"""A real server on stdio, spoken to as an editor speaks to it."""

from __future__ import annotations

import asyncio
import sys

from lsprotocol import types as lsp
from pygls.lsp.client import LanguageClient

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pathlib import Path
    from typing import Any

SPEC = """servec 1

deployment "chat" {
  model = qwen3-8b
  hardware = h100 x 1
  target = vllm
  precision { weigths = fp8 }
  limits { context = 8k }
  on vllm { max-num-seq = 8 }
}
"""


class Editor(LanguageClient):
    """Keeps what the server publishes of one file."""

    def __init__(self, uri: str) -> None:
        """Nothing has been published."""
        super().__init__("editor", "1")
        self.named = lsp.TextDocumentIdentifier(uri)
        self.found: list[lsp.Diagnostic] = []
        self.news = asyncio.Event()

        def published(params: lsp.PublishDiagnosticsParams) -> None:
            self.found = list(params.diagnostics)
            self.news.set()

        listen: Any = self.feature(lsp.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS)
        listen(published)

    async def next(self) -> list[lsp.Diagnostic]:
        """What is published next."""
        await asyncio.wait_for(self.news.wait(), 60)
        self.news.clear()
        return self.found

    async def begin(self) -> None:
        """Start the server."""
        await self.start_io(sys.executable, "-m", "servec", "lsp", "--stdio")
        await self.initialize_async(lsp.InitializeParams(capabilities=lsp.ClientCapabilities()))
        self.initialized(lsp.InitializedParams())

    async def end(self) -> None:
        """Close the file and stop the server."""
        self.text_document_did_close(lsp.DidCloseTextDocumentParams(self.named))
        assert await self.next() == []
        await self.shutdown_async(None)
        self.exit(None)
        client: Any = self
        await asyncio.wait_for(client.stop(), 30)

    async def fixed(self, text: str) -> str:
        """The text with every fix made that is offered anywhere."""
        whole = lsp.Range(lsp.Position(0, 0), lsp.Position(99, 0))
        found = await self.text_document_code_action_async(
            lsp.CodeActionParams(self.named, whole, lsp.CodeActionContext([]))
        )
        lines = text.splitlines(keepends=True)
        for action in found or ():
            assert isinstance(action, lsp.CodeAction) and action.edit and action.edit.changes
            for edit in action.edit.changes[self.named.uri]:
                line, (start, end) = edit.range.start.line, (edit.range.start, edit.range.end)
                old = lines[line]
                lines[line] = old[: start.character] + edit.new_text + old[end.character :]
        return "".join(lines)


async def _talk(file: Path) -> None:
    uri = file.as_uri()
    editor = Editor(uri)
    await editor.begin()
    opened = lsp.TextDocumentItem(uri, "servec", 1, SPEC)
    editor.text_document_did_open(lsp.DidOpenTextDocumentParams(opened))
    codes = {str(each.code): each for each in await editor.next()}
    assert set(codes) == {"SRV102", "SRV112", "SRV201"}
    assert codes["SRV102"].range.start == lsp.Position(6, 14)
    text = await editor.fixed(SPEC)
    assert "weights = fp8" in text and "context = 8k tokens" in text
    await _changed(editor, text)
    await editor.end()


async def _changed(editor: Editor, text: str) -> None:
    """The text is changed; then its findings, completion, hover and formatting are asked for."""
    version = lsp.VersionedTextDocumentIdentifier(2, editor.named.uri)
    change = lsp.TextDocumentContentChangeWholeDocument(text)
    editor.text_document_did_change(lsp.DidChangeTextDocumentParams(version, [change]))
    assert not [each for each in await editor.next() if each.severity == 1]
    where = lsp.Position(6, 14)
    offered = await editor.text_document_completion_async(lsp.CompletionParams(editor.named, where))
    assert isinstance(offered, lsp.CompletionList)
    assert {"weights", "kv"} <= {item.label for item in offered.items}
    where = lsp.Position(3, 12)
    said = await editor.text_document_hover_async(lsp.HoverParams(editor.named, where))
    assert said is not None and "8.2 B parameters" in str(said.contents)
    options = lsp.FormattingOptions(2, True)
    asked = lsp.DocumentFormattingParams(editor.named, options)
    assert not await editor.text_document_formatting_async(asked)


def test_an_editor_is_served(tmp_path: Path) -> None:
    file = tmp_path / "chat.srv"
    file.write_text(SPEC)
    asyncio.run(_talk(file))
