"""Findings on one deployment with the given body, from the whole pipeline."""

from __future__ import annotations

from typing import TYPE_CHECKING

from servec.compiler.pipeline import compile_documents
from servec.compiler.result import Request
from servec.dsl.load import load
from servec.dsl.sources import MemorySources
from servec.targets import TARGETS

if TYPE_CHECKING:
    from servec.compiler.result import Result
    from servec.dsl.diagnostic import Diagnostic

HEAD = 'servec 1\n\ndeployment "case" {\n  model = llama-3.3-70b\n  hardware = h100 x 8\n'


def compiled(body: str, target: str = "vllm") -> tuple[str, Result]:
    """The text of the spec and its result for one named target."""
    text = f"{HEAD}  target = {target}\n{body}\n}}\n"
    sources = MemorySources({"case.srv": text})
    document, found = load(sources, "case.srv")
    assert document is not None and not found, found
    return text, compile_documents([document], TARGETS, Request(sources=sources))


def findings(body: str, target: str = "vllm") -> tuple[Diagnostic, ...]:
    """What is reported of the spec."""
    return compiled(body, target)[1].diagnostics


def codes(body: str, target: str = "vllm") -> list[str]:
    """The codes of families 2xx and 6xx, in the order in which they are reported."""
    return [d.code for d in findings(body, target) if d.code[3] in "26"]
