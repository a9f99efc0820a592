"""What a spec asks of a runtime beyond a plain launch, as features of the capability tables."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from servec.compiler.target import Case

FEATURES = {"image": "images", "video": "video", "audio": "audio"}
"""Modality of the language to the feature of the capability tables."""

SWITCHES = ("structured_output", "prefix_cache", "chunked_prefill")

ASKED: tuple[tuple[str, str], ...] = (
    ("features.tools", "tools"),
    ("features.reasoning", "reasoning"),
)


def wanted(case: Case) -> Iterator[tuple[str, str]]:
    """What the spec asks a runtime for, as pairs of path and feature."""
    spec = case.spec
    settings = spec.settings
    for path, feature in ASKED:
        if path in settings:
            yield path, feature
    for name in SWITCHES:
        if spec.flag("features." + name):
            yield "features." + name, name
    for word in spec.words("features.modalities"):
        if word in FEATURES:
            yield "features.modalities", FEATURES[word]
    task = spec.word("features.task") or (case.model.task if case.model else "generate")
    if task != "generate":
        yield "features.task", task
    if "features.speculative" in settings:
        yield "features.speculative", f"speculative.{spec.word('features.speculative')}"
    if spec.adapters or spec.flag("lora.dynamic"):
        yield "lora", "lora"
