"""The server on stdio, by pygls: what the editor asks is answered from a `Session`."""

from __future__ import annotations

import asyncio

from lsprotocol import types as lsp
from pygls.lsp.server import LanguageServer
from pygls.uris import to_fs_path

from servec import __version__
from servec.cli.lsp.answers import actions, completion, definition, formatting, hovering
from servec.cli.lsp.findings import Shown, by_file, uri_of
from servec.cli.lsp.session import Session
from servec.cli.sources import slashed

QUIET = 0.15
"""Seconds without a change after which a text is judged."""


def server() -> LanguageServer:
    """A server with nothing open."""
    made = LanguageServer("servec", __version__)
    session = Session()
    _texts(made, session)
    _questions(made, session)
    _changes(made, session)
    return made


def _path(uri: str) -> str:
    return slashed(to_fs_path(uri) or uri)


def _texts(made: LanguageServer, session: Session) -> None:
    latest: dict[str, int] = {}

    def publish(uri: str) -> None:
        path = _path(uri)
        judged = session.judge(path)
        shown = Shown(judged.sources)
        files = by_file(judged.findings)
        files.setdefault(path, [])
        for gone in session.report(path, set(files)):
            files[gone] = []
        for name, found in files.items():
            rows = [shown.diagnostic(each) for each in found]
            made.text_document_publish_diagnostics(lsp.PublishDiagnosticsParams(uri_of(name), rows))

    @made.feature(lsp.TEXT_DOCUMENT_DID_OPEN)
    def opened(params: lsp.DidOpenTextDocumentParams) -> None:
        session.put(_path(params.text_document.uri), params.text_document.text)
        publish(params.text_document.uri)

    @made.feature(lsp.TEXT_DOCUMENT_DID_CHANGE)
    async def changed(params: lsp.DidChangeTextDocumentParams) -> None:
        uri = params.text_document.uri
        session.put(_path(uri), made.workspace.get_text_document(uri).source)
        latest[uri] = params.text_document.version
        await asyncio.sleep(QUIET)
        if latest.get(uri) == params.text_document.version:
            publish(uri)

    @made.feature(lsp.TEXT_DOCUMENT_DID_CLOSE)
    def closed(params: lsp.DidCloseTextDocumentParams) -> None:
        latest.pop(params.text_document.uri, None)
        for name in session.close(_path(params.text_document.uri)):
            made.text_document_publish_diagnostics(lsp.PublishDiagnosticsParams(uri_of(name), []))


def _questions(made: LanguageServer, session: Session) -> None:
    @made.feature(lsp.TEXT_DOCUMENT_COMPLETION, lsp.CompletionOptions())
    def complete(params: lsp.CompletionParams) -> lsp.CompletionList:
        return completion(session, _path(params.text_document.uri), params.position)

    @made.feature(lsp.TEXT_DOCUMENT_HOVER)
    def hovered(params: lsp.HoverParams) -> lsp.Hover | None:
        return hovering(session, _path(params.text_document.uri), params.position)

    @made.feature(lsp.TEXT_DOCUMENT_DEFINITION)
    def defined(params: lsp.DefinitionParams) -> lsp.Location | None:
        return definition(session, _path(params.text_document.uri), params.position)


def _changes(made: LanguageServer, session: Session) -> None:
    kinds = lsp.CodeActionOptions(code_action_kinds=[lsp.CodeActionKind.QuickFix])

    @made.feature(lsp.TEXT_DOCUMENT_CODE_ACTION, kinds)
    def fixes(params: lsp.CodeActionParams) -> list[lsp.CodeAction]:
        return actions(session, _path(params.text_document.uri), params.range)

    @made.feature(lsp.TEXT_DOCUMENT_FORMATTING)
    def formatted(params: lsp.DocumentFormattingParams) -> list[lsp.TextEdit]:
        return formatting(session, _path(params.text_document.uri))
