"""Sends one request and times its answer."""

from __future__ import annotations

import http.client
import json
import time
from urllib.parse import urlsplit

from servec.bench.shape import said
from servec.dsl.record import record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from servec.bench.shape import Shape

PATIENCE = 600.0
"""Seconds of silence after which a request counts as lost."""
END = b"[DONE]"


@record
class Sample:
    """One request. Seconds from its start: to the first piece of the answer, and to the last.

    `pieces` came; `inputs` and `outputs` are tokens by the server's own count, 0 where it says
    none. `error` is why there is no answer; then the times mean nothing.
    """

    start: float
    first: float = 0.0
    last: float = 0.0
    pieces: int = 0
    inputs: int = 0
    outputs: int = 0
    error: str = ""

    @property
    def tokens(self) -> int:
        """Tokens of the answer; a piece is one where the server does not count."""
        return self.outputs or self.pieces

    @property
    def tpot(self) -> float:
        """Seconds for each token after the first; 0 where there is none."""
        return (self.last - self.first) / (self.tokens - 1) if self.tokens > 1 else 0.0


class Client:
    """Asks the server at `base` in one shape; a key goes along as a bearer token."""

    def __init__(self, base: str, shape: Shape, key: str = "") -> None:
        """`ValueError` for an address that is none."""
        parts = urlsplit(base)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise ValueError(f"{base!r} is no address: http://HOST:PORT")
        https, plain = http.client.HTTPSConnection, http.client.HTTPConnection
        self._kind = https if parts.scheme == "https" else plain
        self._host, self._port = parts.hostname, parts.port
        self._prefix = parts.path.rstrip("/")
        self._shape = shape
        self._headers = {"Content-Type": "application/json", "Accept": "text/event-stream"}
        if key:
            self._headers["Authorization"] = f"Bearer {key}"

    def ask(self, prompt: str, outputs: int) -> Sample:
        """The sample of one request; what goes wrong is in it."""
        body = json.dumps(self._shape.body(prompt, outputs))
        connection = self._kind(self._host, self._port, timeout=PATIENCE)
        start = time.perf_counter()
        try:
            connection.request("POST", self._prefix + self._shape.path, body, self._headers)
            answer = connection.getresponse()
            if answer.status != 200:
                text = answer.read(300).decode("utf-8", "replace").strip()
                return Sample(start, error=f"HTTP {answer.status}: {text}")
            if self._shape.streamed:
                return _streamed(answer, start)
            return _whole(answer, start)
        except (OSError, http.client.HTTPException, ValueError) as error:
            return Sample(start, error=f"{type(error).__name__}: {error}")
        finally:
            connection.close()


def _whole(answer: http.client.HTTPResponse, start: float) -> Sample:
    """An answer in one piece: its end is all there is to time."""
    document = json.loads(answer.read())
    end = time.perf_counter() - start
    inputs, _ = _usage(document)
    return Sample(start, end, end, 1, inputs, 0)


def _streamed(answer: http.client.HTTPResponse, start: float) -> Sample:
    """Server-sent events until the last one."""
    first = last = 0.0
    pieces = inputs = outputs = 0
    for line in answer:
        if not line.startswith(b"data:"):
            continue
        data = line[5:].strip()
        if data == END:
            break
        now = time.perf_counter() - start
        event = json.loads(data)
        if "error" in event:
            return Sample(start, error=f"the stream says {json.dumps(event['error'])[:300]}")
        if said(event):
            first, last, pieces = first or now, now, pieces + 1
        usage = _usage(event)
        inputs, outputs = max(inputs, usage[0]), max(outputs, usage[1])
    if not pieces:
        return Sample(start, error="the answer is empty")
    return Sample(start, first, last, pieces, inputs, outputs)


def _usage(document: Mapping[str, Any]) -> tuple[int, int]:
    """Tokens of prompt and answer as the server counts them."""
    found = document.get("usage") or {}
    return int(found.get("prompt_tokens") or 0), int(found.get("completion_tokens") or 0)
