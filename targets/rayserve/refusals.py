"""What a spec says to the engine that cannot be said through Ray."""

from __future__ import annotations

from servec.dsl.diagnostic import Diagnostic, Figure, Fix, Label
from servec.dsl.record import replace
from servec.targets.rayserve.beneath import beneath

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from servec.compiler.target import Target
    from servec.dsl.spec import Adapter, Spec

REMOTE = ("s3://", "gs://", "abfss://", "azure://")
"""Where adapters may lie: ray 2.60.0 core/configs/llm_config.py validate_dynamic_lora_loading_path.
"""


def refusals(spec: Spec, inner: Spec, engine: Target, version: str) -> tuple[Diagnostic, ...]:
    """Findings of the engine's version that Ray brings, options that are Ray's, lost adapters."""
    found: list[Diagnostic] = []
    block = spec.on.get(engine.name)
    if (block is not None or spec.env) and (block is None or block.version is None):
        wrong = (d for d in engine.check_options(inner, version) if d.severity == "error")
        found += [_brought(spec, engine.name, version, item) for item in wrong]
    return (*dict.fromkeys(found), *_rays(spec, engine.name), *_adapters(spec))


def _brought(spec: Spec, engine: str, version: str, found: Diagnostic) -> Diagnostic:
    """A finding at a version that the spec does not state: what brings it, and how to have another.

    The stated version stands at the deployment's name, where nothing is to be changed.
    """
    labels = tuple(label for label in found.secondary if label.span != spec.name_span)
    why = Figure(engine, None, f"{version} is what goes with this release of Ray")
    fix = Fix(f"leave it out, or state the version beside Ray: on {engine} {{ version = … }}")
    return replace(found, secondary=labels, figures=(*found.figures, why), fixes=(fix,))


def adapter_folder(spec: Spec) -> str:
    """The folder in which all adapters lie, each under its name; "" where that is not so."""
    parents = {_folder(adapter) for adapter in spec.adapters}
    return parents.pop() if len(parents) == 1 else ""


def _folder(adapter: Adapter) -> str:
    """The folder of a store in which an adapter lies under its name, "" for any other place."""
    parent, _, name = str(adapter.path.value).rstrip("/").rpartition("/")
    return parent if name == adapter.name and parent.startswith(REMOTE) else ""


def _rays(spec: Spec, engine: str) -> Iterator[Diagnostic]:
    block, own = spec.on.get(engine), beneath(engine).own
    if block is None:
        return
    for option in block.options:
        why = own.get(option.name.replace("_", "-"))
        if why is not None and option.value != "ray":
            yield _refusal(f"Ray sets `{option.name}` itself", Label(option.span, why))
    if block.raw_args is not None:
        why = "engine_kwargs are fields: a word of a command line has no place there"
        title = "words appended to the engine's command are lost beneath Ray"
        yield _refusal(title, Label(block.raw_args.span, why))


def _adapters(spec: Spec) -> Iterator[Diagnostic]:
    if not spec.adapters or adapter_folder(spec):
        return
    home = next((_folder(adapter) for adapter in spec.adapters if _folder(adapter)), "")
    astray = next(adapter for adapter in spec.adapters if not home or _folder(adapter) != home)
    yield Diagnostic(
        "SRV310",
        "error",
        "Ray Serve loads adapters from one folder of an object store, each under its name",
        Label(astray.path.span, f"not <folder>/{astray.name} of one store"),
        (),
        (Figure("stores", len(REMOTE), f"it takes {', '.join(REMOTE)}"),),
        (Fix(f'put it at "{home or "s3://<bucket>/<folder>"}/{astray.name}"'),),
    )


def _refusal(title: str, label: Label) -> Diagnostic:
    return Diagnostic("SRV310", "error", title[:100], label, fixes=(Fix("leave it out"),))
