"""The AutoDeploy back end: it exports the model of Transformers, so no list of classes bounds it.

Source: TensorRT-LLM 1.3.0rc3 docs/source/features/auto_deploy/support_matrix.md: models of
AutoModelForCausalLM and AutoModelForImageTextToText.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from servec.compiler.capabilities import Capabilities
    from servec.dsl.spec import Spec

NAME = "_autodeploy"
WORLD = "world-size"
"""The devices that it cuts the model over, as it sees fit: it takes no degree.

Source: TensorRT-LLM 1.3.0rc3 tensorrt_llm/_torch/auto_deploy/llm_args.py
ensure_no_custom_parallel_config; main (01e5db06) as well.
"""


class Every(frozenset[str]):
    """A set that holds every model class."""

    __slots__ = ()

    def __contains__(self, name: object) -> bool:
        """Whatever its name."""
        return True


def wanted(spec: Spec) -> bool:
    """Whether the spec asks for that back end."""
    block = spec.on.get("trtllm")
    options = block.options if block else ()
    return any(o.name == "backend" and o.value == NAME for o in options)


def with_autodeploy(tables: Capabilities) -> Capabilities:
    """What it can do: other model classes."""
    from servec.dsl.record import replace

    return replace(tables, architectures=Every(tables.architectures))
