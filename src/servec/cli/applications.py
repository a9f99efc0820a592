"""A Ray Serve application as a spec: the engine's part as its command, the rest beside it."""

from __future__ import annotations

from servec.cli.errors import UsageError
from servec.cli.imported import hardware_of, readers_of, target_of
from servec.dsl.record import replace
from servec.targets.shared.importing.compare import Difference
from servec.targets.shared.importing.compiled import Outcome, compiled, import_command
from servec.targets.shared.importing.read import Wish

TYPE_CHECKING = False
if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Iterator, Mapping, Sequence
    from typing import Any

    from servec.targets.shared.importing.application import Application
    from servec.targets.shared.importing.compare import Kind

RUNTIME, ENGINE = "rayserve", "vllm"
WHY = {
    "accelerator_type": "the spec's hardware says it",
    "placement_group_config": "the workers of a copy that fits on a node stay there",
    "deployment_config.num_replicas": "one copy is the default",
    "engine_kwargs.disable_log_stats": "nothing asks for the figures",
    "logging_config.log_level": "the level of the engine's log goes for Ray's, too",
}
"""What is written though the file leaves it out, and why it changes nothing."""


def applied(args: Namespace) -> tuple[Outcome, ...]:
    """The models of a config of Ray Serve LLM that `--script` names; none of any other file."""
    if not args.script.lower().endswith((".yaml", ".yml")):
        return ()
    from servec.cli.scripted import script_text
    from servec.targets.shared.importing.application import applications

    text = script_text(args.script)
    if "ray.serve.llm:" not in text:
        return ()
    try:
        given = applications(text)
    except ValueError as error:
        raise UsageError(f"cannot read {args.script}: {error}") from error
    return import_applications(given, args)


def import_applications(given: Sequence[Application], args: Namespace) -> tuple[Outcome, ...]:
    """Each model as a spec of its own, compiled back and compared."""
    return tuple(_imported(item, args) for item in given)


def _imported(given: Application, args: Namespace) -> Outcome:
    from servec.compiler.options.versions import pick
    from servec.targets.shared.table import versions

    stated = args.runtime.partition("@")[2] or given.version
    picked = pick(stated, versions(RUNTIME))
    if not picked.version:
        raise UsageError(f"there is no option table of {RUNTIME} {stated}")
    asked = hardware_of(args.hardware)
    kind = asked or _hardware(given)
    made = _read(given, args, picked.version, stated, kind)
    if made.process is None and kind and not asked:
        # A file promises nothing: where the kind would refuse it, it stays a word of Ray's.
        made = _read(given, args, picked.version, stated, "")
    return made


def _read(given: Application, args: Namespace, version: str, stated: str, hardware: str) -> Outcome:
    from servec.targets.shared.capabilities import claimed
    from servec.targets.shared.importing.application import applications, engine_words
    from servec.targets.shared.table import load_table

    engine = str(claimed(RUNTIME, version, "engine"))
    wish = Wish(ENGINE, engine, "", hardware, minimal=args.minimal)
    words = engine_words(load_table(ENGINE, engine), given)
    found = import_command(wish, words, given.env, readers_of(ENGINE), target_of(ENGINE))
    text = _around(found.imported.text, given, stated, not hardware)
    imported = replace(found.imported, text=text, runtime=RUNTIME, version=version)
    launch, diagnostics = compiled(text, target_of(RUNTIME), "imported.srv")
    if launch is None:
        return Outcome(imported, diagnostics, None, ())
    (back,) = applications(launch.configs[0].text)
    differences = tuple(_differences(given, back))
    return Outcome(imported, diagnostics, launch.processes[-1], differences)


def _hardware(given: Application) -> str:
    """The kind that `accelerator_type` names, where the catalogue has it by that name."""
    from servec.compiler.catalogue.devices import find_device

    word = str(given.beside.get("accelerator_type", "")).lower()
    return word if word and find_device(word) is not None else ""


def _around(text: str, given: Application, stated: str, unknown: bool) -> str:
    """The engine's spec with Ray's name, the copies, and what stands beside the arguments."""
    from servec.api import format

    head, target, rest = text.partition(f"  target = {ENGINE}\n")
    lines = [f"  target = {RUNTIME}\n", *_copies(given)]
    block = list(_native(_kept(given, unknown), 2))
    if stated:
        block.insert(0, f'    version = "{stated}"\n')
    body, brace, tail = rest.rpartition("}")
    on = ["\n  on rayserve {\n", *block, "  }\n"] if block else []
    return format(head + "".join(lines) + body + "".join(on) + brace + tail if target else text)


def _copies(given: Application) -> Iterator[str]:
    bounds = _mapping(_mapping(given.beside.get("deployment_config")).get("autoscaling_config"))
    number = _mapping(given.beside.get("deployment_config")).get("num_replicas")
    if isinstance(number, int) and number != 1:
        yield f"  replicas = {number}\n"
    if isinstance(bounds.get("max_replicas"), int):
        yield f"  replicas >= {max(1, int(bounds.get('min_replicas') or 1))}\n"
        yield f"  replicas <= {bounds['max_replicas']}\n"


def _kept(given: Application, unknown: bool) -> dict[str, Any]:
    """What stays native: all that neither the copies nor the hardware nor the API say."""
    kept = {n: v for n, v in given.beside.items() if unknown or n != "accelerator_type"}
    deployment = dict(_mapping(kept.pop("deployment_config", None)))
    scaling = dict(_mapping(deployment.pop("autoscaling_config", None)))
    deployment.pop("num_replicas", None)
    for name in ("min_replicas", "max_replicas"):
        scaling.pop(name, None)
    if scaling:
        deployment["autoscaling_config"] = scaling
    if deployment:
        kept["deployment_config"] = deployment
    http = {n: v for n, v in _mapping(given.serve.get("http_options")).items()}
    rest = {name: value for name, value in given.serve.items() if name != "http_options"}
    http = {name: value for name, value in http.items() if name not in ("host", "port")}
    return {**kept, **rest, **({"http_options": http} if http else {})}


def _native(values: Mapping[str, Any], depth: int) -> Iterator[str]:
    """Nested mappings as blocks; what the language has no place for is left out, and differs."""
    from servec.targets.shared.importing.literal import WORD, free
    from servec.targets.shared.importing.typed import exact

    for name, value in values.items():
        pad = "  " * depth
        if not WORD.fullmatch(str(name)):
            continue
        if isinstance(value, dict):
            inner = list(_native(value, depth + 1))
            if inner:
                yield f"{pad}{name} {{\n{''.join(inner)}{pad}}}\n"
            continue
        shown = free(exact(value))
        if shown is not None:
            yield f"{pad}{name} = {shown}\n"


def _differences(given: Application, back: Application) -> Iterator[Difference]:
    before, after = _flat(given), _flat(back)
    for name in dict.fromkeys((*before, *after)):
        old, new = before.get(name), after.get(name)
        if old == new:
            continue
        kind: Kind = "changed" if name in after and name in before else "added"
        kind = kind if name in after else "missing"
        why = next((w for key, w in WHY.items() if name.startswith(key)), "")
        why = why if kind == "added" else ""
        yield Difference(name, kind, _shown(old), _shown(new), why, "server")


def _flat(given: Application) -> dict[str, Any]:
    """Every leaf by its path; the model and its name among them."""
    whole = {
        "model": given.model,
        "model_id": given.name,
        "route_prefix": given.prefix,
        "env": dict(given.env),
        "engine_kwargs": dict(given.arguments),
        **given.beside,
        **given.serve,
    }
    made: dict[str, Any] = {}
    stack = [("", whole)]
    while stack:
        path, node = stack.pop()
        for name, value in node.items():
            if isinstance(value, dict) and value:
                stack.append((f"{path}{name}.", value))
            elif value != {}:
                made[f"{path}{name}"] = value
    made.setdefault("http_options.host", "0.0.0.0")
    made.setdefault("http_options.port", 8000)
    return dict(sorted(made.items()))


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _shown(value: Any) -> str:
    from servec.targets.shared.settings import text_of

    return "" if value is None else text_of(value)
