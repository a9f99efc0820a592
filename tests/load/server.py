"""A server that answers as OpenAI's API does, as fast and as oddly as it is told."""

from __future__ import annotations

import contextlib
import json
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

FIXED, PER_WORD = 7, 2
"""Tokens around every prompt, and of each of its words."""


class Server:
    """What it was asked, and how it answers.

    `wait` before the first token and `step` before each other one, in seconds. `strict`: a field
    that OpenAI does not have is refused. `status`: of every answer. `counts`: says its usage.
    """

    def __init__(self, wait: float = 0.02, step: float = 0.002, **more: Any) -> None:
        self.wait, self.step = wait, step
        self.strict = bool(more.get("strict"))
        self.counts = bool(more.get("counts", True))
        self.status = int(more.get("status", 200))
        self.key = str(more.get("key", ""))
        self.bodies: list[dict[str, Any]] = []
        self.paths: list[str] = []
        self.most = 0
        self.url = ""
        self._busy = 0
        self._lock = threading.Lock()

    @contextlib.contextmanager
    def up(self) -> Iterator[Server]:
        """Serving."""
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                outer.answer(self)

            def log_message(self, *_: object) -> None:
                return

        server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        server.daemon_threads = True
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        self.url = f"http://127.0.0.1:{server.server_address[1]}"
        try:
            yield self
        finally:
            server.shutdown()
            server.server_close()

    def answer(self, to: BaseHTTPRequestHandler) -> None:
        body = json.loads(to.rfile.read(int(to.headers["Content-Length"])))
        with self._lock:
            self.bodies.append(body)
            self.paths.append(to.path)
            self._busy += 1
            self.most = max(self.most, self._busy)
        self._answer(to, body)

    def _leave(self) -> None:
        """Before the last word of an answer: who has it may ask again at once."""
        with self._lock:
            self._busy -= 1

    def _answer(self, to: BaseHTTPRequestHandler, body: dict[str, Any]) -> None:
        status = self.status
        if self.key and to.headers["Authorization"] != f"Bearer {self.key}":
            status = 401
        if self.strict and "ignore_eos" in body:
            status = 400
        if status != 200:
            self._leave()
        to.send_response(status)
        to.end_headers()
        if status != 200:
            to.wfile.write(b"refused")
        elif "messages" in body:
            for event in self._events(body):
                to.wfile.write(b"data: " + json.dumps(event).encode() + b"\n\n")
                to.wfile.flush()
            self._leave()
            to.wfile.write(b"data: [DONE]\n\n")
        else:
            time.sleep(self.wait)
            usage = {"prompt_tokens": tokens(str(body.get("input")))}
            self._leave()
            to.wfile.write(json.dumps({"data": [{"embedding": [1.0]}], "usage": usage}).encode())

    def _events(self, body: dict[str, Any]) -> Iterator[dict[str, Any]]:
        yield {"choices": [{"delta": {"role": "assistant", "content": ""}}]}
        time.sleep(self.wait)
        count = int(body["max_tokens"])
        for number in range(count):
            name = "reasoning_content" if number == 0 else "content"
            yield {"choices": [{"delta": {name: "a "}}]}
            time.sleep(self.step)
        if self.counts:
            prompt = body["messages"][0]["content"]
            usage = {"prompt_tokens": tokens(prompt), "completion_tokens": count}
            yield {"choices": [], "usage": usage}


def tokens(prompt: str) -> int:
    """How the server counts."""
    return FIXED + PER_WORD * len(prompt.split())
