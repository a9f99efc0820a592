"""Replay emitted commands on the runtime's own parser, and on its own config resolution.

The parser runs in an environment that holds the runtime, without a GPU: one that `--python` names,
or one that `--setup` makes once and keeps ($SERVEC_ENVIRONMENTS, else the user's cache). Prefixes
of options are refused, though some runtimes take them. Exit 3 where a runtime is not installed.
"""

from __future__ import annotations

from servec.cli.errors import FAILED, FINE, MISSING, MissingTool, UsageError
from servec.dsl.record import replace

TYPE_CHECKING = False
if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace

    from servec.cli.console import Console
    from servec.cli.documents.verify import VerifiedDocument, VerifyDocument
    from servec.cli.replayed import Command

USAGE = "SPEC...|DIR [--target TARGET] [--setup] [--python PATH]"
EXAMPLE = """
$ servec verify specs/qwen3-moe.srv --setup        # makes the environment if there is none
$ servec verify generated                          # every command that was written
$ servec verify chat.srv --target vllm --python ~/vllm/bin/python
"""
FORMATS = ("text", "json")
EMPTY = "servec.verify/1"


def register(parser: ArgumentParser) -> None:
    """The arguments of `verify`."""
    parser.add_argument("spec", nargs="+", metavar="SPEC", help="specs, or an output folder")
    parser.add_argument("--target", default="", metavar="TARGET", help="as for compile")
    parser.add_argument("--setup", action="store_true", help="make an environment where none is")
    parser.add_argument("--python", default="", metavar="PATH", help="interpreter of the runtime")


def run(args: Namespace, console: Console) -> int:
    """Replay, print the verdicts, and say whether every command was taken."""
    import tempfile

    from servec.cli.replayed import commands_of

    with tempfile.TemporaryDirectory(prefix="servec-verify-") as folder:
        document = _replayed(commands_of(args.spec, args.target, folder), args, console)
    return _printed(document, console)


def _replayed(found: tuple[Command, ...], args: Namespace, console: Console) -> VerifyDocument:
    from servec.cli.documents.verify import VerifyDocument

    wanted = sorted({(item.target, item.version) for item in found})
    if args.python and len(wanted) > 1:
        names = ", ".join(f"{name} {version}" for name, version in wanted)
        raise UsageError(f"--python is one environment, but there is {names}; name a --target")
    rows: list[VerifiedDocument] = []
    missing: list[str] = []
    for target, version in wanted:
        own = [item for item in found if (item.target, item.version) == (target, version)]
        python = _python(target, version, args, console)
        if python is None:
            missing.append(f"{target} {version}")
        else:
            rows += _verdicts(target, version, own, python)
    return VerifyDocument(
        emitted=len(found),
        accepted=sum(row.ok or row.stage not in ("argparse", "crash") for row in rows),
        resolved=sum(row.ok and row.stage == "resolve" for row in rows),
        processes=tuple(rows),
        missing=tuple(missing),
    )


def _python(target: str, version: str, args: Namespace, console: Console) -> str | None:
    """The interpreter to use, None where there is none."""
    import os

    from servec.targets.shared.replay.environment import SetupFailed, python_of, set_up

    if args.python:
        inside = os.path.join(args.python, "bin", "python")
        python = inside if os.path.isdir(args.python) else args.python
        if not os.path.exists(python):
            raise UsageError(f"there is no interpreter {args.python!r}")
        return str(python)
    if not args.setup:
        return python_of(target, version)
    try:
        return set_up(target, version, lambda line: console.err(line + "\n"))
    except SetupFailed as error:
        raise MissingTool(f"cannot set up {target} {version}: {error}") from error


def _verdicts(
    target: str, version: str, commands: list[Command], python: str
) -> list[VerifiedDocument]:
    from servec.cli.documents.verify import VerifiedDocument
    from servec.targets.shared.replay.session import OracleFailed, judge

    try:
        verdicts = judge(python, target, [item.job for item in commands])
    except OracleFailed as error:
        raise MissingTool(f"{target} does not load in {python}: {error}") from error
    if verdicts and verdicts[0].version != version:
        raise MissingTool(f"{python} holds {target} {verdicts[0].version}, not {version}")
    return [
        VerifiedDocument(
            item.deployment,
            target,
            version,
            item.process,
            verdict.ok,
            verdict.stage,  # type: ignore[arg-type]
            verdict.error,
            item.only_parsed,
        )
        for item, verdict in zip(commands, verdicts, strict=True)
    ]


def _printed(document: VerifyDocument, console: Console) -> int:
    """Print what was replayed, and say plainly what was not."""
    from servec.cli.render.verify import verify_text

    names = ", ".join(document.missing)
    lacking = f"not installed: {names}; `--setup` makes an environment" if names else ""
    if console.format == "json":
        console.json(replace(document, error=lacking))
    elif document.processes:
        console.out(verify_text(document, console.color))
    if lacking:
        console.must(f"servec verify: {lacking}\n")
    if any(not row.ok for row in document.processes):
        return FAILED
    return MISSING if lacking else FINE
