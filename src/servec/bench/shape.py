"""Requests of each kind of API, and what their streamed answers say."""

from __future__ import annotations

from servec.dsl.record import record
from servec.targets.shared.artifacts.probe import ROUTES, SQUARE

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

STREAMED = ("chat", "tools", "image", "completion", "generate")
"""APIs whose answers come token by token."""


@record
class Shape:
    """How a server is asked: the API of `probe.sh`, the model's name, images in each request.

    `exact`: ask for answers of exactly the length, beyond OpenAI's own fields.
    """

    api: str
    model: str
    images: int = 0
    exact: bool = True

    @property
    def path(self) -> str:
        """The path that is asked."""
        path = ROUTES[self.api][0].replace("@NAME@", self.model)
        return f"{path}_stream" if self.api == "generate" else path

    @property
    def streamed(self) -> bool:
        """Whether answers come token by token."""
        return self.api in STREAMED

    def body(self, prompt: str, outputs: int) -> dict[str, Any]:
        """The request with a prompt, for an answer of `outputs` tokens."""
        if self.api == "generate":
            return {
                "text_input": prompt,
                "parameters": {"stream": True, "max_tokens": outputs},
            }
        body: dict[str, Any] = {"model": self.model}
        if self.api == "rerank":
            return {**body, "query": prompt[:200], "documents": [prompt]}
        if not self.streamed:
            return {**body, "input": prompt}
        body |= {"stream": True, "max_tokens": outputs, "stream_options": {"include_usage": True}}
        if self.exact:
            body["ignore_eos"] = True
        if self.api == "completion":
            return {**body, "prompt": prompt}
        return {**body, "messages": [{"role": "user", "content": self._content(prompt)}]}

    def _content(self, prompt: str) -> Any:
        if not self.images:
            return prompt
        url = {"url": f"data:image/png;base64,{SQUARE}"}
        pictures = [{"type": "image_url", "image_url": url} for _ in range(self.images)]
        return [{"type": "text", "text": prompt}, *pictures]


def said(event: Mapping[str, Any]) -> bool:
    """Whether an event of a stream holds a piece of the answer, whatever the kind of piece."""
    if event.get("text_output"):
        return True
    for choice in event.get("choices") or ():
        delta = choice.get("delta") or {}
        if choice.get("text") or delta.get("tool_calls"):
            return True
        if any(delta.get(name) for name in ("content", "reasoning_content", "reasoning")):
            return True
    return False
