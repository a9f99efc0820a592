"""What a launch says of its API, the same for every runtime with OpenAI's routes."""

from __future__ import annotations

from servec.targets.shared.effective import effective

TYPE_CHECKING = False
if TYPE_CHECKING:
    from servec.compiler.target import Case

SHAPES = {"embed": "embedding", "rerank": "rerank", "classify": "classify"}


def request_shape(case: Case) -> str:
    """The request that probes the deployment: by task, then images, then tools, else chat."""
    task = case.spec.word("features.task") or (case.model.task if case.model else "generate")
    if task in SHAPES:
        return SHAPES[task]
    if "image" in case.spec.words("features.modalities") or case.spec.whole("workload.images"):
        return "image"
    return "tools" if case.spec.word("features.tools") else "chat"


def port_of(case: Case) -> int:
    """The port the API listens on."""
    return int(effective(case)["api.port"])


def served_name(case: Case) -> str:
    """The model name that requests give."""
    return str(effective(case)["api.name"])


def key_variable(case: Case) -> str:
    """The name of the variable that holds the API key, "" where the API is open."""
    return case.spec.word("api.key_env") or ""
