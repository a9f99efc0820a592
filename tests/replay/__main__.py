"""Replays everything servec emits on the real parsers: `python -m tests.replay [NAME@VERSION…]`.

For each pinned version: makes the environment, extracts the option table again and compares it with
what is committed, and replays what lies under `generated/`, every field of the language with every
word, and some hundred generated specs; of versions that have to resolve, fields mixed at random as
well. Prints `emitted / accepted / resolved`; exit 1 where a table
differs or a command is refused. A version that no environment can be made for is named.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

from servec import api
from servec.cli.replayed import commands_of
from servec.compiler.options.constraints import broken
from servec.compiler.target import refusing
from servec.targets import TARGETS
from servec.targets.shared.replay.environment import absent, known, python_of, set_up
from servec.targets.shared.replay.jobs import replays
from servec.targets.shared.replay.session import describe, judge
from servec.targets.shared.store import stored, texts
from servec.targets.shared.table import table_base, versions
from tests.replay.generate import specs
from tests.replay.mixed import mixed
from tests.replay.tables import compared
from tests.targets.sweep import sweep

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from servec.targets.shared.replay.jobs import Replay

MORE = 3
"""Specs of mixed fields to each of the generator: servec refuses most of them."""
RUNTIMES = ("llamacpp", "lmdeploy", "mlx", "rayserve", "sglang", "trtllm", "vllm")


def main() -> int:
    """Replay the pinned versions, or those that are named."""
    parser = argparse.ArgumentParser(prog="python -m tests.replay")
    parser.add_argument("pins", nargs="*", metavar="NAME@VERSION")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--count", type=int, default=300, help="generated specs for each version")
    parser.add_argument(
        "--resolved",
        nargs="?",
        const="all",
        default="",
        choices=("all", "newest"),
        help="fail as well where a made-up launch is not resolved",
    )
    args = parser.parse_args()
    given = [(name, version) for name, _, version in (pin.partition("@") for pin in args.pins)]
    pins = given or [
        (name, version) for name in RUNTIMES for version in (*known(name), *absent(name))
    ]
    failed = False
    with ThreadPoolExecutor(1) as ahead:
        # pip waits for the network most of the time, so the next environments are made meanwhile.
        ready = {pin: ahead.submit(made, *pin) for pin in pins}
        for name, version in pins:
            python = ready[name, version].result()
            if python is None:
                say(f"{name} {version}: not replayed: {absent(name)[version]}")
                continue
            newest = args.resolved == "newest" and version == versions(name)[-1]
            strict = args.resolved == "all" or newest
            with tempfile.TemporaryDirectory(prefix="servec-replay-") as folder:
                failed |= not one(name, version, python, folder, args.seed, args.count, strict)
    return int(failed)


def made(name: str, version: str) -> str | None:
    """The interpreter of an environment, None where none is there and none can be made."""
    if version in absent(name):
        return python_of(name, version)
    return set_up(name, version, lambda line: say(f"  {line}"))


def one(
    name: str, version: str, python: str, folder: str, seed: int, count: int, strict: bool
) -> bool:
    """Everything for one version; whether all of it was taken.

    What is committed has to be resolved; what is made up for the replay has to be accepted by the
    parser, and with `strict` resolved too. `folder` holds the stand-ins for checkpoints.
    """
    start = time.time()
    found = describe(python, name)
    same = texts(found, table_base(name, version)) == stored(name, version)
    line, whole = compared(name, version, found["options"])
    say(f"{name} {version}: {line}")
    if not same:
        say(f"{name} {version}: the extracted table is not the committed one")
    committed = list(written(name, version, folder))
    items = [
        *committed,
        *fields(name, version, folder),
        *generated(name, specs(name, version, seed, count), folder),
        *generated(name, mixed(name, version, seed, MORE * count if strict else 0), folder),
    ]
    verdicts = judge(python, name, [item.job for item in items], cwd=folder)
    refused = [(i, v) for i, v in zip(items, verdicts, strict=True) if not v.ok and not v.beyond]
    for item, verdict in refused:
        say(f"  refused at {verdict.stage}: {item.name}\n    {' '.join(item.job['argv'])}")
        say("".join(f"    {line}\n" for line in verdict.error.splitlines()[:6]))
    accepted = sum(verdict.accepted for verdict in verdicts)
    resolved = sum(verdict.resolved for verdict in verdicts)
    parsed = sum(bool(i.only_parsed) or v.beyond for i, v in zip(items, verdicts, strict=True))
    say(
        f"{name} {version}: {len(items)} emitted / {accepted} accepted / {resolved} resolved"
        f" ({parsed} only parsed), {time.time() - start:.0f} s"
    )
    fatal = [i for i, v in refused if strict or not v.accepted or i in committed]
    return same and whole and not fatal


def written(name: str, version: str, folder: str) -> Iterator[Replay]:
    """What lies under `generated/` for this version."""
    from servec.targets.shared.replay.jobs import Replay

    if not list(Path("generated").rglob("servec.lock.json")):
        return
    for item in commands_of(["generated"], "", folder):
        if (item.target, item.version) == (name, version):
            yield Replay(f"{item.deployment} {item.process}", item.job, item.only_parsed)


def fields(name: str, version: str, folder: str) -> Iterator[Replay]:
    """Every portable field with every word, and what goes together, but for what is refused."""
    (target,) = (item for item in TARGETS if item.name == name)
    for title, case in sweep(name, version):
        if broken(case, refusing(target, case.spec, version)) is not None:
            continue
        template = case.spec.word("api.template")
        if template:
            path = Path(folder, template)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text("{{ messages }}", encoding="utf-8")
        for item in replays(target.launch((case,)), (case,), folder):
            yield _named(item, title)


def generated(name: str, made: Iterable[tuple[str, str]], folder: str) -> Iterator[Replay]:
    """The commands of generated specs, path and text; those that servec refuses emit none."""
    for path, text in made:
        found = api.compile({path: text}, target=name)
        for emission, each in zip(found.emissions, found.result.deployments, strict=False):
            for item in replays(emission.launch, each.emit[0].cases, folder):
                yield _named(item, path)


def _named(item: Replay, title: str) -> Replay:
    from servec.dsl.record import replace

    return replace(item, name=f"{title} {item.name}")


def say(text: str) -> None:
    """One line for the log."""
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
