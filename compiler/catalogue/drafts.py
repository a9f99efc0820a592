"""Drafts that are published for a model."""

from __future__ import annotations

from servec.compiler.catalogue.store import fact

WAYS = {"draft_model": "draft", "standalone": "draft"}
"""What runtimes call the ways that the language has words of its own for."""


def draft_of(model: str, way: str, runtime: str) -> str:
    """The repository of a draft of the model by its id, for a way to speculate, "" for none that
    the runtime reads."""
    word = way.lower()
    found = fact("drafts")["drafts"].get(model, {}).get(WAYS.get(word, word), ("", ""))
    return str(found[0]) if runtime in (*found[2:], runtime)[:1] else ""
