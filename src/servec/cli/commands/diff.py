"""What changes between two specs, or two revisions of one: commands, memory, predictions.

OLD and NEW are each a spec, or REVISION:PATH as git writes it (`main:specs/chat.srv`). Both are
compiled; compared is what would run, not how it is said. `--format markdown` is a table for a pull
request. Exit 0 whether anything differs or not, 1 where one of the two has errors.
"""

from __future__ import annotations

from servec.cli.errors import FAILED, FINE

TYPE_CHECKING = False
if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace

    from servec.api import Compiled
    from servec.cli.console import Console

USAGE = "OLD NEW [--target auto|all|NAME[,NAME...]] [--deployment NAME]"
EXAMPLE = """
$ servec diff main:specs/chat.srv specs/chat.srv
$ servec diff main:specs/chat.srv HEAD:specs/chat.srv --format markdown
$ servec diff a.srv b.srv --target vllm --format json
"""
FORMATS = ("text", "json", "markdown")
EMPTY = "servec.diff/1"


def register(parser: ArgumentParser) -> None:
    """The arguments of `diff`."""
    parser.add_argument("old", metavar="OLD", help="a .srv file, or REVISION:PATH")
    parser.add_argument("new", metavar="NEW", help="a .srv file, or REVISION:PATH")
    parser.add_argument("--target", default="", metavar="TARGET", help="as for compile")
    parser.add_argument("--deployment", default="", metavar="NAME", help="this deployment alone")


def run(args: Namespace, console: Console) -> int:
    """Compile both, compare, print."""
    from servec.cli.render.differing import diff_document, diff_markdown, diff_text
    from servec.diff.compare import compared

    old, new = (_compiled(word, args, console) for word in (args.old, args.new))
    failed = old.failed or new.failed
    found = () if failed else compared(old, new)
    if console.format == "json":
        console.json(diff_document(args.old, args.new, old, new, found))
    elif not failed:
        shown = diff_markdown if console.format == "markdown" else diff_text
        console.out(shown(args.old, args.new, found, console.color))
    return FAILED if failed else FINE


def _compiled(word: str, args: Namespace, console: Console) -> Compiled:
    """One side; its errors are reported, what it merely warns of is compared."""
    from servec import api
    from servec.cli.errors import UsageError
    from servec.cli.revision import side

    sources, name = side(word)
    try:
        made = api.compile(sources, [name], target=args.target, deployment=args.deployment)
    except api.BadTarget as error:
        raise UsageError(str(error)) from error
    if made.failed and console.format != "json":
        from servec.cli.render.text import render_text

        errors = [item for item in made.diagnostics if item.severity == "error"]
        console.must(render_text(errors, sources.read, [name], console.err_color))
    return made
