"""Load running servers with the spec's workload, and compare with what is predicted and promised.

What is sent are prompts of the stated length, by the server's own count of tokens, with the stated
part in common; as many at a time, or a second, as one replica is to bear. Several servers of one
deployment share a load as many times as large. `--runs` adds the test to a file that `calibrate`
reads. Nothing is started: `run --stay`, or launch.sh, does that.
"""

from __future__ import annotations

from servec.cli.errors import FAILED, FINE, UsageError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace

    from servec.cli.benches import Bench
    from servec.cli.console import Console

USAGE = (
    "SPEC... [--url URL[,URL...]] [--shape KIND] [--target auto|NAME] [--deployment NAME]"
    " [--requests N] [--report FILE.html] [--runs FILE] [--strict]"
)
EXAMPLE = """
$ servec bench specs/cpu-only.srv                             # the port of the spec, here
$ servec bench specs/rag.srv --url http://10.0.0.7:8000 --report bench.html
$ servec bench specs/qwen3-moe.srv --url http://a:8000,http://b:8000 --format json
$ servec bench specs/rag.srv --runs runs.csv --strict         # exit 1 if a promise is broken
"""
FORMATS = ("text", "json")
EMPTY = "servec.bench/1"
SHAPES = ("chat", "agent", "rag", "code", "batch", "embedding", "rerank", "edge")


def register(parser: ArgumentParser) -> None:
    """The arguments of `bench`."""
    add = parser.add_argument
    add("spec", nargs="+", metavar="SPEC", help="a .srv file, or `-` for stdin")
    add("--url", default="", metavar="URL", help="where it serves, joined by commas")
    add("--shape", default="", choices=SHAPES, help="usual lengths of this kind of workload")
    add("--target", default="", metavar="TARGET", help="auto or a name; wins over the spec's")
    add("--deployment", default="", metavar="NAME", help="this deployment alone")
    add("--requests", default="", metavar="N", help="how many requests to send")
    add("--report", default="", metavar="FILE", help="write a page with plots (.html)")
    add("--runs", default="", metavar="FILE", help="add the test to a file for `calibrate`")
    add("--strict", action="store_true", help="exit 1 where a promise is not kept")


def run(args: Namespace, console: Console) -> int:
    """Test each deployment, report, write what was asked for."""
    from servec.cli.benches import benches
    from servec.cli.replace import replace_file

    if args.report and not args.report.endswith(".html"):
        raise UsageError("--report writes a page: a file that ends in .html")
    made, jobs = benches(args, console)
    done = [_tested(each, console) for each in jobs]
    if args.runs:
        for each in done:
            _add(args.runs, each, console)
    if args.report and done:
        from servec.cli.render.bench_page import bench_page

        replace_file(args.report, bench_page(done).encode())
    _print(made, done, console)
    if made.failed or any(each.end.measured.failed for each in done):
        return FAILED
    broken = any(promise.kept is False for each in done for promise in each.end.kept)
    return FAILED if args.strict and broken else FINE


def _tested(each: Bench, console: Console) -> Bench:
    """The test, with a bar on a terminal."""
    from servec.bench.job import Unreachable, bench
    from servec.cli.testing import progress
    from servec.dsl.record import replace

    with progress(console, each.name) as tick:
        try:
            return replace(each, end=bench(each.job, tick))
        except Unreachable as error:
            raise UsageError(f"{each.name} is not tested: {error}") from error
        except ValueError as error:
            raise UsageError(str(error)) from error


def _add(path: str, each: Bench, console: Console) -> None:
    """The test as one more run of a file."""
    from servec.bench.runs import ending, with_runs
    from servec.cli.replace import replace_file
    from servec.cli.sources import DiskSources

    if not path.endswith(ending(each.case)):
        raise UsageError(f"runs of {each.case.target.name} go into a {ending(each.case)} file")
    text = (DiskSources().read(path) or b"").decode("utf-8", "replace")
    end = each.end
    try:
        made = with_runs(text, each.case, each.plan, end.load, end.measured, each.version)
    except ValueError as error:
        raise UsageError(f"cannot add to {path}: {error}") from error
    if made != text:
        replace_file(path, made.encode())
    if each.unusable:
        console.err(f"the predictor learns nothing from this test: {each.unusable}\n")


def _print(made: object, done: list[Bench], console: Console) -> None:
    from servec.api import Compiled
    from servec.cli.render.bench import bench_document, bench_text

    assert isinstance(made, Compiled)
    if console.format == "json":
        console.json(bench_document(made, done))
    else:
        console.out("\n".join(bench_text(each, console.color) for each in done))
