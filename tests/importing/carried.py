"""Recipes of one runtime on another: `python -m tests.importing.carried FOLDER [NAME@VERSION]`.

Reads the recipes of vLLM's source under FOLDER, compares each with what comes back, compiles it for
the other runtime and asks that one's own parser, where it is installed. Prints the counts; exit 1
where fewer than 95 % come back, or the parser refuses what is emitted.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from servec import api
from servec.cli.imported import readers_of, target_of
from servec.targets.shared.importing.compiled import import_command
from servec.targets.shared.importing.programs.program import command
from servec.targets.shared.importing.read import Wish
from servec.targets.shared.importing.versioned import written_for
from servec.targets.shared.replay.environment import set_up
from servec.targets.shared.replay.jobs import replays
from servec.targets.shared.replay.session import judge
from servec.targets.shared.table import versions
from tests.importing.book import entries

if TYPE_CHECKING:
    from servec.targets.shared.importing.compiled import Outcome
    from servec.targets.shared.replay.jobs import Replay
    from tests.importing.book import Entry

BAR = 0.95
UNABLE = ("SRV305", "SRV306")
"""The other runtime does not serve the model, or its precision: there is nothing to carry."""


def main() -> int:
    """Count, print, and say whether all is well."""
    parser = argparse.ArgumentParser(prog="python -m tests.importing.carried")
    parser.add_argument("folder", type=Path)
    parser.add_argument("pin", nargs="?", default="sglang@0.5.23", metavar="NAME@VERSION")
    args = parser.parse_args()
    name, _, version = args.pin.partition("@")
    found = [(entry, read(entry)) for entry in entries(args.folder)]
    same = [pair for pair in found if pair[1].process is not None and not pair[1].unexplained]
    for entry, made in found:
        if (entry, made) not in same:
            wrong = [item.title for item in made.diagnostics if item.severity == "error"]
            say(f"  not the same: {entry.name}: {wrong or [d.name for d in made.unexplained]}")
    flags = sum(made.imported.said.flags for _, made in found)
    native = sum(len(made.imported.native) for _, made in found)
    say(f"{len(found)} launches / {len(same)} come back; {flags} flags / {native} native")
    return int(not carry(same, name, version) or len(same) < BAR * len(found))


def read(entry: Entry) -> Outcome:
    """What an entry is read as, for the version that takes it."""
    found = command(list(entry.argv), entry.env)
    stated = written_for(found.runtime, (found,))
    wish = Wish(found.runtime, stated or versions(found.runtime)[-1], stated)
    readers, target = readers_of(found.runtime), target_of(found.runtime)
    return import_command(wish, found.words, found.env, readers, target)


def carry(pairs: list[tuple[Entry, Outcome]], name: str, version: str) -> bool:
    """Compile each for the other runtime; whether its parser takes all that is emitted."""
    folder = tempfile.mkdtemp(prefix="servec-carried-")
    items: list[Replay] = []
    unable = refused = 0
    for entry, made in pairs:
        result = api.compile({"a.srv": made.imported.text}, target=name)
        wrong = [item for item in result.diagnostics if item.severity == "error"]
        if wrong:
            served = not all(item.code in UNABLE for item in wrong)
            refused, unable = refused + served, unable + (not served)
            say(f"  not for {name}: {entry.name}: {wrong[0].code} {wrong[0].title}")
        for emission, each in zip(result.emissions, result.result.deployments, strict=False):
            items += replays(emission.launch, each.emit[0].cases, folder)
    python = set_up(name, version, lambda line: say(f"  {line}"))
    verdicts = judge(python, name, [{**i.job, "resolve": False} for i in items], cwd=folder)
    bad = [(i, v) for i, v in zip(items, verdicts, strict=True) if not v.accepted]
    for item, verdict in bad:
        say(f"  {name} refuses: {' '.join(item.job['argv'])}\n    {verdict.error[:300]}")
    say(
        f"{name} {version}: {len(pairs)} carried / {unable} it does not serve / {refused} refused"
        f" / {len(items)} commands / {len(items) - len(bad)} accepted"
    )
    return not bad


def say(text: str) -> None:
    """One line for the log."""
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
