"""What a spec says to the engine that cannot be said through Ray."""

from __future__ import annotations

from servec.dsl.diagnostic import Diagnostic, Figure, Fix, Label

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from servec.compiler.target import Target
    from servec.dsl.spec import Spec

RAYS_OWN = {
    "distributed-executor-backend": "Ray starts the workers: `ray` is the only executor",
    "served-model-name": "`api.name` is the model's name, of which there is one",
    "data-parallel-rank": "Ray gives each copy its rank",
    "data-parallel-address": "Ray gives the copies their address",
    "headless": "Ray starts the workers of further nodes",
    "api-server-count": "`ingress_deployment_config` says how many copies the front has",
}
"""Options of the engine that Ray sets itself.

Source: ray 2.60.0 llm/_internal/serve/engines/vllm/vllm_models.py get_initialization_kwargs,
serving_patterns/data_parallel/dp_server.py.
"""
REMOTE = ("s3://", "gs://", "abfss://", "azure://")
"""Where adapters may lie: ray 2.60.0 core/configs/llm_config.py validate_dynamic_lora_loading_path.
"""


def refusals(spec: Spec, inner: Spec, engine: Target, version: str) -> tuple[Diagnostic, ...]:
    """Findings of the engine's version that Ray brings, options that are Ray's, lost adapters."""
    found: list[Diagnostic] = []
    block = spec.on.get(engine.name)
    if (block is not None or spec.env) and (block is None or block.version is None):
        found += [d for d in engine.check_options(inner, version) if d.severity == "error"]
    return (*dict.fromkeys(found), *_rays(spec, engine.name), *_adapters(spec))


def adapter_folder(spec: Spec) -> str:
    """The folder in which all adapters lie, each under its name; "" where that is not so."""
    parents = set()
    for adapter in spec.adapters:
        parent, _, name = str(adapter.path.value).rstrip("/").rpartition("/")
        parents.add(parent if name == adapter.name and parent.startswith(REMOTE) else "")
    return parents.pop() if len(parents) == 1 else ""


def _rays(spec: Spec, engine: str) -> Iterator[Diagnostic]:
    block = spec.on.get(engine)
    if block is None:
        return
    for option in block.options:
        why = RAYS_OWN.get(option.name.replace("_", "-"))
        if why is not None and option.value != "ray":
            yield _refusal(f"Ray sets `{option.name}` itself", Label(option.span, why))
    if block.raw_args is not None:
        why = "engine_kwargs are fields: a word of a command line has no place there"
        title = "words appended to the engine's command are lost beneath Ray"
        yield _refusal(title, Label(block.raw_args.span, why))


def _adapters(spec: Spec) -> Iterator[Diagnostic]:
    if not spec.adapters or adapter_folder(spec):
        return
    first = spec.adapters[0]
    yield Diagnostic(
        "SRV310",
        "error",
        "Ray Serve loads adapters from one folder of an object store, each under its name",
        Label(first.name_span, f"not <folder>/{first.name} of a store"),
        (),
        (Figure("stores", len(REMOTE), f"it takes {', '.join(REMOTE)}"),),
        (Fix(f'put every adapter at "s3://<bucket>/<folder>/<name>", here {first.name}'),),
    )


def _refusal(title: str, label: Label) -> Diagnostic:
    return Diagnostic("SRV310", "error", title[:100], label, fixes=(Fix("leave it out"),))
