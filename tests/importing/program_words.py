"""What a program in Python is read as, for the tests of it."""

from __future__ import annotations

from servec.targets.shared.importing.python.launches import python_commands

HEAD = "from vllm import LLM, AsyncEngineArgs, AsyncLLMEngine\nimport os\n"
"""What each program begins with."""


def words(text: str, runtime: str = "vllm", version: str = "", **given: object) -> list[str]:
    """The words of the one launch that a program has."""
    (found,) = python_commands(text, "a.py", {}, (runtime, version), **given)  # type: ignore[arg-type]
    assert found.runtime == runtime
    return list(found.words)
