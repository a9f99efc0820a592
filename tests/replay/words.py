"""Words right and wrong for every option, judged by servec and by the real parser.

`python -m tests.replay.words NAME@VERSION… [--count N] [--seed S]`: each option of the table alone,
with words of its kind and of others. Prints where the two differ, then the counts; exit 1 where
servec refuses what the parser takes. What the parser takes and servec refuses for a later reason
(`LATER`) is no difference: it is refused while it loads.
"""

from __future__ import annotations

import argparse
import contextlib
import io
import json
import os
import random
import sys
import tempfile
from collections import Counter
from typing import TYPE_CHECKING

from servec.cli.main import main as servec
from servec.targets.shared.replay.environment import python_of
from servec.targets.shared.replay.session import judge
from servec.targets.shared.table import load_table

if TYPE_CHECKING:
    from collections.abc import Iterator

    from servec.compiler.options.table import Option

LINES = {
    "llamacpp": ["llama-server", "-m", "model.gguf"],
    "lmdeploy": ["lmdeploy", "serve", "api_server", "./model"],
    "mlx": ["mlx_lm.server", "--model", "./model"],
}
WHOLE = ("8", "-1", "0", "1", "4096", "1e4", "8k", "", "+3", "99999999999", "3.7", "0x10", "abc")
NUMBERS = ("0.5", "1", "-1", "0", ".5", "1e-3", "5%", "", "abc", "nan", "inf", "0.5x", "1,5")
TEXTS = (
    *("x", "1", "", "-1", "1,2", "on", "auto", "none", "CPU", "a=b", "a:b", "{}", '{"a":1}'),
    *("{bad", "0-3", "1/2", "exps=CPU", "a.gguf:0.5", "1;2", "dry;top_k", "0xff", "true"),
)
ENDING = ("help", "version", "list-devices", "completion-bash", "cache-list", "license", "usage")
REACHING = ("rpc", "docker-repo", "hf-token", "api-key", "api-keys", "models-dir", "models-preset")
FETCHING = ("-url", "-default", "-spec", "hf-repo", "fim-", "hf-file", "spec-draft-hf")
"""Options that end the program, and those that ask other machines or hold what no spec may."""
PATHS = ("file", "folder")
"""What is there is not told by a bare name."""
LATER = ("SRV307", "SRV310", "SRV401", "SRV404")


def main() -> int:
    """Compare the versions that are named."""
    parser = argparse.ArgumentParser(prog="python -m tests.replay.words")
    parser.add_argument("pins", nargs="+", metavar="NAME@VERSION")
    parser.add_argument("--count", type=int, default=1500)
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    worst = 0
    for pin in args.pins:
        name, _, version = pin.partition("@")
        lines = list(all_lines(name, version))
        random.Random(args.seed).shuffle(lines)
        with tempfile.TemporaryDirectory() as place, contextlib.chdir(place):
            worst |= compared(name, version, lines[: args.count])
    return worst


def all_lines(name: str, version: str) -> Iterator[list[str]]:
    """Every option with every word that is tried on it."""
    table = load_table(name, version)
    for key in table.names():
        found = table.find(key)
        if found is None or key in (*ENDING, *REACHING) or found[0].file:
            continue
        if key.startswith(FETCHING) or key.endswith(FETCHING) or found[0].form in PATHS:
            continue
        for words in _words(found[0]):
            yield [*LINES[name], *words]


def _words(option: Option) -> Iterator[list[str]]:
    flag = option.flags[-1]
    if option.boolean:
        yield from ([flag] for flag in (flag, *option.off))
        return
    listed = (*map(str, option.choices), *option.also, "zz")
    kind = {"int": WHOLE, "float": NUMBERS}.get(option.type, TEXTS)
    for word in listed if option.choices else kind:
        yield [flag, *[word] * (2 if option.arity == "2" else 1)]
    yield [flag]


def compared(name: str, version: str, lines: list[list[str]]) -> int:
    """Print the differences and the counts; 1 where something is refused that is taken."""
    python = python_of(name, version)
    assert python, f"no environment of {name} {version}"
    theirs = judge(python, name, [{"argv": line} for line in lines], cwd=os.getcwd())
    counts: Counter[str] = Counter()
    for line, verdict in zip(lines, theirs, strict=True):
        if "status 0" in verdict.error or "ended before a launch" in verdict.error:
            continue
        codes = refusals(name, version, line)
        later = bool(codes) and codes <= set(LATER)
        fate = "alike" if verdict.ok is (not codes) else "falsely refused" if codes else "missed"
        fate = "refused later" if verdict.ok and later else fate
        counts[fate] += 1
        if fate in ("falsely refused", "missed"):
            sys.stdout.write(f"{fate}: {' '.join(line)}: {verdict.error[:80]} {sorted(codes)}\n")
    told = ", ".join(f"{fate} {count}" for fate, count in sorted(counts.items()))
    sys.stdout.write(f"{name} {version}: {told}\n")
    return int(counts["falsely refused"] > 0)


def refusals(name: str, version: str, line: list[str]) -> set[str]:
    """The codes of the errors that `import --check` gives for a line."""
    out = io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(io.StringIO()):
        code = servec(["import", f"{name}@{version}", "--check", "--format", "json", "--", *line])
    found = json.loads(out.getvalue())["diagnostics"]
    codes = {item["code"] for item in found if item["severity"] == "error"}
    return codes or ({"SRV205"} if code else set())


if __name__ == "__main__":
    sys.exit(main())
