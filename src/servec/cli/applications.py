"""A Ray Serve application as a spec: the engine's part as its command, the rest beside it."""

from __future__ import annotations

from servec.cli.applied import around
from servec.cli.errors import UsageError
from servec.cli.given_hardware import hardware_of
from servec.cli.imported import named, readers_of, target_of
from servec.dsl.record import replace
from servec.targets.shared.importing.compare import Difference
from servec.targets.shared.importing.compiled import Outcome, compiled, import_command
from servec.targets.shared.importing.read import Wish

TYPE_CHECKING = False
if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Iterator, Sequence
    from typing import Any

    from servec.targets.shared.importing.compare import Kind
    from servec.targets.shared.importing.manifests.application import Application

RUNTIME = "rayserve"
SCALING = "deployment_config.autoscaling_config"
WHY = {
    "accelerator_type": "the spec's hardware says it",
    "placement_group_config": "the workers of a copy that fits on a node stay there",
    "deployment_config.num_replicas": "one copy is the default",
    "engine_kwargs.disable_log_stats": "nothing asks for the figures",
    "engine_kwargs.enable_metrics": "Ray asks the engine for its figures unless it is told not to",
    "accelerator_config": "Ray takes bundles that are named so for a CPU's otherwise",
    "log_engine_metrics": "this version has no figures that Ray could collect",
    "logging_config.log_level": "the level of the engine's log goes for Ray's, too",
}
"""What is written though the file leaves it out, and why it changes nothing."""


def applied(args: Namespace) -> tuple[Outcome, ...]:
    """The models of a config of Ray Serve LLM that `--script` names; none of any other file."""
    named_file = "" if args.script else _deployed(args.rest)
    if named_file:
        args.script, args.rest = named_file, []
    if not args.script.lower().endswith((".yaml", ".yml")):
        return ()
    from servec.cli.given_text import script_text
    from servec.targets.shared.importing.manifests.application import applications

    text = script_text(args.script)
    if "ray.serve.llm:" not in text:
        return ()
    try:
        given = applications(text)
    except ValueError as error:
        raise UsageError(f"cannot read {args.script}: {error}") from error
    if not args.check or not _beneath(given, args):
        return import_applications(given, args)
    if named(args.runtime)[0] == RUNTIME:
        args.runtime = given[0].engine
    return ()


def _beneath(given: Sequence[Application], args: Namespace) -> bool:
    """Whether the engine's part alone is judged: for the engine that is asked for, or because no
    table is there of the release of Ray."""
    from servec.compiler.options.versions import pick
    from servec.targets.shared.table import versions

    runtime, version = named(args.runtime)
    if runtime != RUNTIME and version:
        return True
    stated = (version or item.version for item in given)
    return not all(pick(each, versions(RUNTIME)).version for each in stated)


def _deployed(words: Sequence[str]) -> str:
    """The file that `serve deploy` or `serve run` is given, "" for any other command."""
    if tuple(words[:2]) not in (("serve", "deploy"), ("serve", "run")):
        return ""
    files = [word for word in words[2:] if word.lower().endswith((".yaml", ".yml"))]
    return files[0] if len(files) == 1 else ""


def import_applications(given: Sequence[Application], args: Namespace) -> tuple[Outcome, ...]:
    """Each model as a spec of its own, both roles of one as one, compiled back and compared."""
    made: list[Outcome] = []
    for at, item in enumerate(given):
        if item.role != "decode":
            made.append(_imported(given[at : at + (2 if item.role else 1)], args))
    return tuple(made)


def _imported(parts: Sequence[Application], args: Namespace) -> Outcome:
    given = parts[0]
    from servec.compiler.options.versions import pick
    from servec.targets.shared.table import versions

    stated = named(args.runtime)[1] or given.version
    picked = pick(stated, versions(RUNTIME))
    if not picked.version:
        raise UsageError(f"there is no option table of {RUNTIME} {stated}")
    asked = hardware_of(args.hardware)
    kind = asked or _hardware(given)
    made = _read(parts, args, picked.version, stated, kind)
    if (made is None or made.process is None) and kind and not asked:
        # A file promises nothing: where the kind would refuse it, it stays a word of Ray's.
        made = _read(parts, args, picked.version, stated, "") or made
    if made is None:
        raise UsageError("prefill and decode of the application do not fit into one deployment")
    return made


def _read(
    parts: Sequence[Application], args: Namespace, version: str, stated: str, hardware: str
) -> Outcome | None:
    """The application as a spec; None where its roles do not come back as one deployment."""
    from servec.targets.shared.capabilities import claimed
    from servec.targets.shared.importing.manifests.application import applications

    name = parts[0].engine
    brought = str(claimed(RUNTIME, version, "engine", name))
    strange = _strange(parts[0], version)
    wish = Wish(name, brought, "", hardware, minimal=args.minimal, troubles=strange)
    wish = replace(wish, strict=args.check)
    found = _engines(wish, parts)
    if found is None:
        return None
    text = around(found.imported.text, parts, name, stated, not hardware)
    imported = replace(found.imported, text=text, runtime=RUNTIME, version=version)
    launch, diagnostics = compiled(text, target_of(RUNTIME), "imported.srv")
    if launch is None:
        return Outcome(imported, diagnostics, None, ())
    back = applications(launch.configs[0].text)
    differences = [
        replace(item, process=one.role or item.process)
        for one, other in zip(parts, back, strict=False)
        for item in _differences(one, other)
    ]
    return Outcome(imported, diagnostics, launch.processes[-1], tuple(differences))


def _engines(wish: Wish, parts: Sequence[Application]) -> Outcome | None:
    """What the engine is told, as a spec for it: of one server, or of prefill and decode."""
    from servec.targets.shared.importing.manifests.application import engine_words
    from servec.targets.shared.importing.programs.program import Command
    from servec.targets.shared.importing.roles import import_pair
    from servec.targets.shared.table import load_table

    table = load_table(wish.runtime, wish.version)
    readers, target = readers_of(wish.runtime), target_of(wish.runtime)
    lines = {each.role: engine_words(table, each) for each in parts}
    if len(parts) == 1:
        (words,) = lines.values()
        return import_command(wish, words, parts[0].env, readers, target)
    commands = {each.role: Command(wish.runtime, lines[each.role], each.env) for each in parts}
    pair = import_pair(wish, commands, readers, target, "imported.srv")
    return pair.outcome() if pair is not None else None


def _strange(given: Application, version: str) -> tuple[tuple[str, str], ...]:
    """An `accelerator_type` that Ray does not list (llm_config.py validate_accelerator_type)."""
    from servec.targets.shared.table import load_sets

    word = str(given.beside.get("accelerator_type") or "")
    known = (*load_sets(RUNTIME, version).get("accelerators", ()), "A10")
    if not word or word in known or len(known) == 1:
        return ()
    return ((f"accelerator_type: {word}", "Ray has no accelerator of that name"),)


def _hardware(given: Application) -> str:
    """The kind that `accelerator_type` names, where the catalogue has it by that name."""
    from servec.compiler.catalogue.devices import find_device

    word = str(given.beside.get("accelerator_type", "")).lower()
    return word if word and find_device(word) is not None else ""


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
    bounds = [made.get(f"{SCALING}.{end}_replicas") for end in ("min", "max")]
    if bounds[0] == bounds[1] and isinstance(bounds[0], int):  # the same as a fixed number
        made["deployment_config.num_replicas"] = bounds[0]
        for end in ("min", "max"):
            made.pop(f"{SCALING}.{end}_replicas")
    made.setdefault("http_options.host", "0.0.0.0")
    made.setdefault("http_options.port", 8000)
    return dict(sorted(made.items()))


def _shown(value: Any) -> str:
    from servec.targets.shared.settings import text_of

    return "" if value is None else text_of(value)
