"""The option tables of the runtimes: what is known, what an option is, what changed between two.

`extract` makes a table again from an installed runtime, in its own environment (`--python`, or one
that `servec verify --setup` made), compares it with the stored one, and writes it with `--write`.
"""

from __future__ import annotations

from servec.cli.errors import FAILED, FINE, MissingTool, UsageError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace

    from servec.cli.console import Console
    from servec.compiler.options.table import OptionTable

USAGE = (
    "list | show NAME[@VERSION] [OPTION...] [--set SET] | diff NAME OLD NEW"
    " | extract NAME [--python PATH] [--write]"
)
EXAMPLE = """
$ servec runtimes list
$ servec runtimes show vllm@0.33.0 max-model-len kv-cache-dtype
$ servec runtimes show sglang --set tool_parsers
$ servec runtimes diff vllm 0.22.1 0.33.0
$ servec runtimes extract vllm --python ~/vllm/bin/python
"""
FORMATS = ("text", "json")
EMPTY = "servec.runtimes/1"


def register(parser: ArgumentParser) -> None:
    """The arguments of `runtimes`."""
    verbs = ("list", "show", "diff", "extract")
    parser.add_argument("verb", choices=verbs, help="what to do")
    parser.add_argument("names", nargs="*", metavar="NAME", help="runtime, versions, options")
    parser.add_argument("--set", default="", metavar="SET", help="show: the members of a value set")
    parser.add_argument("--python", default="", metavar="PATH", help="extract: interpreter")
    parser.add_argument("--write", action="store_true", help="extract: write the table files")


def run(args: Namespace, console: Console) -> int:
    """Do what the verb says."""
    if args.verb == "list":
        return _list(console)
    if not args.names:
        raise UsageError(f"`runtimes {args.verb}` needs the name of a runtime: {_known()}")
    if args.verb == "show":
        return _show(args, console)
    if args.verb == "diff":
        return _diff(args, console)
    return _extract(args, console)


def _known() -> str:
    from servec.targets.shared.table import runtimes

    return ", ".join(runtimes())


def _table(word: str, version: str = "") -> OptionTable:
    """The table of NAME[@VERSION]; `UsageError` for what does not exist."""
    from servec.targets.shared.called import called
    from servec.targets.shared.table import load_table, versions

    name, _, stated = called(word).partition("@")
    known = versions(name)
    if not known:
        raise UsageError(f"there is no runtime {name!r}; there are {_known()}")
    wanted = version or stated or known[-1]
    if wanted not in known:
        raise UsageError(f"there is no table of {name} {wanted!r}; there are {', '.join(known)}")
    return load_table(name, wanted)


def _list(console: Console) -> int:
    from servec.cli.documents.runtimes import RuntimeDocument, RuntimesDocument
    from servec.targets import TARGETS
    from servec.targets.shared.table import load_table, runtimes, versions

    targets = {target.name for target in TARGETS}
    rows = []
    for name in runtimes():
        table = load_table(name, versions(name)[-1])
        sets = {kind: len(table.values(kind)) for kind in table.sets()}
        rows.append(RuntimeDocument(name, versions(name), len(table.rows), sets, name in targets))
    if console.format == "json":
        console.json(RuntimesDocument(runtimes=tuple(rows)))
    else:
        from servec.cli.render.runtimes import runtime_list

        console.out(runtime_list(rows, console.color))
    return FINE


def _show(args: Namespace, console: Console) -> int:
    from servec.cli.described import option_document
    from servec.cli.documents.runtimes import RuntimesDocument
    from servec.cli.render.runtimes import option_list, option_pages

    table = _table(args.names[0])
    members: tuple[str, ...] = ()
    if args.set:
        if args.set not in table.sets():
            raise UsageError(f"no value set {args.set!r}; there are {', '.join(table.sets())}")
        members = table.values(args.set)
    wanted = args.names[1:] or (() if args.set else table.names())
    options = tuple(option_document(table, name) for name in wanted)
    if console.format == "json":
        console.json(
            RuntimesDocument(
                runtime=table.runtime, version=table.version, options=options, members=members
            )
        )
    elif args.set:
        console.out("".join(f"{member}\n" for member in members))
    elif args.names[1:]:
        console.out(option_pages(table, options))
    else:
        console.out(option_list(options, console.color))
    return FINE


def _diff(args: Namespace, console: Console) -> int:
    from servec.cli.documents.runtimes import ChangeDocument, RuntimesDocument
    from servec.compiler.options.changes import changes
    from servec.targets.shared.aside import load_successors

    if len(args.names) != 3:
        raise UsageError("`runtimes diff` takes NAME OLD NEW")
    name, old, new = args.names
    before, after = _table(name, old), _table(name, new)
    found = tuple(
        ChangeDocument(item.kind, item.name, item.set, item.old, item.new, item.use)  # type: ignore[arg-type]
        for item in changes(before, after, load_successors(name))
    )
    if console.format == "json":
        console.json(RuntimesDocument(runtime=name, version=f"{old}..{new}", changes=found))
    else:
        from servec.cli.render.runtimes import change_text

        console.out(change_text(name, old, new, found))
    return FINE


def _extract(args: Namespace, console: Console) -> int:
    from servec.cli.documents.runtimes import RuntimesDocument
    from servec.targets.shared.replay.session import OracleFailed, describe
    from servec.targets.shared.store import base_of, stored, texts

    (name,) = args.names if len(args.names) == 1 else [""]
    if not name:
        raise UsageError("`runtimes extract` takes one NAME")
    try:
        found = describe(_interpreter(name, args.python), name)
    except OracleFailed as error:
        raise MissingTool(f"{name} does not load: {error}") from error
    version = found["version"]
    made, held = texts(found, base_of(name, version)), stored(name, version)
    differing = tuple(path for path in made if held.get(path) != made[path])
    if args.write:
        from servec.cli.table_files import write_tables

        write_tables({path: made[path] for path in differing})
    if console.format == "json":
        console.json(
            RuntimesDocument(runtime=name, version=version, files=tuple(made), differing=differing)
        )
    else:
        word = "written" if args.write else "differs from what is stored"
        lines = [f"{path}: {word if path in differing else 'as stored'}\n" for path in made]
        console.out(f"{name} {version}\n" + "".join(lines))
    return FAILED if differing and not args.write else FINE


def _interpreter(name: str, given: str) -> str:
    """The interpreter that holds the runtime."""
    from servec.targets.shared.replay.environment import known, python_of

    if given:
        return given
    ready = [python for version in known(name) if (python := python_of(name, version))]
    if not ready:
        raise MissingTool(f"{name} is not installed here; name its interpreter with --python")
    return ready[0]
