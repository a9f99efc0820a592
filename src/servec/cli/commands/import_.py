"""Turn a launch command that someone already runs into a spec.

The command stands behind `--` (a `docker run` too), or in a shell script, a compose file, a
Kubernetes manifest, a config of Ray Serve, a program in Python or a notebook that `--script` names;
nothing of it is run. The spec goes to stdout, findings to stderr. `--verify` compiles it back and
compares, `--check` only says what is wrong with the line. Where no one version is stated, the
newest decides, of a range as `vllm@>=0.9` its newest; below stands how the others fare. Outside a
range, and of hundreds, between two that fare alike not each one is judged.
"""

from __future__ import annotations

from servec.cli.errors import FAILED, FINE, UsageError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace
    from collections.abc import Sequence

    from servec.cli.across import Stretch
    from servec.cli.console import Console
    from servec.cli.launches import Launches, Verdict
    from servec.dsl.diagnostic import Diagnostic

USAGE = "RUNTIME[@VERSION] [--env K=V] [--script FILE] -- ARGV..."
EXAMPLE = """
$ servec import vllm -- vllm serve Qwen/Qwen3-8B -tp 2 --max-model-len 32k > qwen3.srv
$ servec import sglang@0.5.23 --hardware "h100 x 8" --check -- --model Qwen/Qwen3-32B --tp 8
$ servec import vllm --script launch.sh --verify
$ servec import vllm@0.8.5 --hardware "h100 x 8" --check -- python serve.py --tp 8
"""
FORMATS = ("text", "json", "sarif", "github")
IN_FILES = ("sarif", "github")
"""Formats that point into a file: findings on a script, not a spec."""
EMPTY = "servec.import/1"
REST = True


def register(parser: ArgumentParser) -> None:
    """The arguments of `import`."""
    parser.add_argument("runtime", nargs="?", default="", metavar="RUNTIME", help="name[@version]")
    parser.add_argument(
        "--env", action="append", default=[], metavar="K=V", help="a variable the command sees"
    )
    parser.add_argument("--script", default="", metavar="FILE", help="read the commands of a file")
    parser.add_argument("--hardware", default="", metavar="KIND", help="`h100 x 8`, or a kind")
    parser.add_argument("--check", action="store_true", help="judge the line, print no spec")
    parser.add_argument("--verify", action="store_true", help="compile back and compare")
    parser.add_argument("--minimal", action="store_true", help="leave out what equals the default")


def run(args: Namespace, console: Console) -> int:
    """Read, print, and say with `--check` or `--verify` whether all is well."""
    from servec.cli.across import ranged, walked
    from servec.cli.fronts import front_verdict
    from servec.cli.judged import apart
    from servec.cli.launches import at_once, judge, launches, unheard
    from servec.cli.render.across import across_text
    from servec.cli.tell import tell

    console.err(_named(args))
    if console.format in IN_FILES and not (args.check and args.script):
        raise UsageError(f"--format {console.format} points into a file: give --check and --script")
    if (front := front_verdict(args, console)) is not None:
        return front
    missed, span = unheard(args), ranged(args)
    reads = launches(args)
    texts = apart([read.outcomes for read in reads])
    verdicts = [judge(read, text, args) for read, text in zip(reads, texts, strict=True)]
    verdicts += at_once(reads, args)
    refused = [_refused(each.found, each.read) for each in verdicts]
    if missed is not None and not any(refused):
        raise missed
    asked = span or (console.format == "text" and not console.quiet)
    fared = walked(verdicts, args, span) if asked else ()
    _print(verdicts, fared, args, console)
    console.err(f"note: judged without hardware, as {missed}\n" if missed is not None else "")
    if console.format != "json":
        tell(verdicts, args, console)
    if args.check and console.format == "text":
        _close(verdicts, refused, args, console)
        console.err(across_text(fared, reads[0], span))
    if args.check and any(refused):
        return FAILED
    return FAILED if args.verify and _differing(reads) else FINE


def _named(args: Namespace) -> str:
    """Take the runtime by the names that people have for it; that which version is in a release of
    a program around it is not known."""
    from servec.cli.given_command import started
    from servec.targets.shared.called import names

    args.wrapper, args.runtime = names(args.runtime, started(args) if args.runtime else "")
    told = " ".join(args.wrapper)
    known = not args.wrapper[1] or "@" in args.runtime
    why = f"which {args.runtime} is in {told} is not known, the newest is judged"
    return "" if known else f"note: {why}\n"


def _differing(reads: Sequence[Launches]) -> bool:
    """Whether a launch compiles to none, or to another that nothing explains."""
    made = [item for read in reads for item in read.outcomes]
    return any(item.process is None or item.unexplained for item in made)


def _close(
    verdicts: Sequence[Verdict], refused: Sequence[bool], args: Namespace, console: Console
) -> None:
    """Say of each line that is not refused as what it was judged; of one alone that is, which later
    release takes it."""
    from servec.cli.across import first_later
    from servec.cli.render.accepted import accepted_text

    for each, wrong in zip(verdicts, refused, strict=True):
        read = each.read
        told = accepted_text(read.outcomes, each.deployments, read.release)
        console.err("" if wrong else told)
    if len(verdicts) == 1 and refused[0] and not console.quiet:
        later = first_later(verdicts[0], args)
        told = f"{later} is the first later release against which nothing is found\n"
        console.err(told if later else "")


def _refused(diagnostics: Sequence[Diagnostic], read: Launches) -> bool:
    """Whether a line does not start; what the parser of today refuses is none of an old release,
    nor what is warned of alone: another server takes such a line over."""
    from servec.targets.shared.importing.python.refused import DROPS

    wrong = any(item.severity == "error" for item in diagnostics)
    mild = " ".join(item.title for item in diagnostics if item.severity == "warning")
    told = (trouble for item in read.outcomes for trouble in item.imported.said.troubles)
    parsed = (word for word, why in told if DROPS not in why)
    return wrong or (read.past is None and any(word.lstrip("-") not in mild for word in parsed))


def _print(
    verdicts: Sequence[Verdict], fared: Sequence[Stretch], args: Namespace, console: Console
) -> None:
    from servec.cli.judged import FILE, joined
    from servec.cli.render.imported import import_document, import_text

    outcomes = [item for each in verdicts for item in each.read.outcomes]
    found = [item for each in verdicts for item in each.found]
    if console.format == "json":
        console.json(import_document(joined(outcomes), outcomes, found, FILE, fared))
        return
    if not args.check:
        console.out(joined(outcomes))
    if args.hardware:
        from servec.cli.given_hardware import roomiest

        console.err(roomiest(args.hardware))
    console.err(import_text(outcomes, found, args.verify, console.verbose))
