"""The catalogue of models: what is in it, one model's weights by part, and how to add one."""

from __future__ import annotations

from servec.cli.errors import UsageError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace

    from servec.cli.console import Console

USAGE = "list [WORD...] | show ID... | add [PATH] [--id ID] [--name NAME] [--base ID]"
EXAMPLE = """
$ servec models list qwen3                                  # those whose name holds a word
$ servec models show qwen3-235b-a22b                        # weights and cache by part
$ servec models show ./checkpoint ./m-Q4_K_M.gguf           # of files here: config, headers, GGUF
$ servec models add ./checkpoint --id me/mine-7b --name mine-7b
"""
FORMATS = ("text", "json")
EMPTY = "servec.models/1"
HEAD = ("name", "repository", "weights", "parameters", "active", "context", "family")


def register(parser: ArgumentParser) -> None:
    """The arguments of `models`."""
    parser.add_argument("verb", choices=("list", "show", "add"), help="what to do")
    parser.add_argument("names", nargs="*", metavar="ID", help="names, ids, paths or words")
    add = parser.add_argument_group("add")
    add.add_argument("--id", default="", help="the repository id, e.g. Qwen/Qwen3-32B")
    add.add_argument("--name", default="", help="a short name, e.g. qwen3-32b")
    add.add_argument("--base", default="", help="id of the model this is a quantisation of")
    add.add_argument("--source", default="", help="where the config comes from")
    add.add_argument("--total", default=0, type=int, help="published number of weights")


def run(args: Namespace, console: Console) -> int:
    """Print rows or pages, or write an entry."""
    if args.verb == "list":
        return _list(args, console)
    if args.verb == "add":
        return _add(args, console)
    if not args.names:
        raise UsageError("`models show` needs a name; `servec models list` has them")
    return _show(args, console)


def _list(args: Namespace, console: Console) -> int:
    from servec.cli.documents.models import ModelRowDocument, ModelsDocument
    from servec.compiler.catalogue.models import find_model, index

    words = [word.lower() for word in args.names]
    by_file: dict[str, list[str]] = {}
    for name, file in index().items():
        by_file.setdefault(file, []).append(name)
    found = []
    for names in by_file.values():
        model = find_model(names[0])
        if model is not None and all(any(w in n.lower() for n in names) for w in words):
            found.append(
                ModelRowDocument(
                    model.name,
                    model.id,
                    model.quant.weights,
                    model.total,
                    model.active,
                    model.max_context,
                    model.family,
                    model.task,
                )
            )
    rows = tuple(sorted(found, key=lambda row: ("/" in row.name, row.name.lower())))
    if console.format == "json":
        console.json(ModelsDocument(models=rows))
    else:
        from servec.cli.render.models import model_table

        console.out(model_table(HEAD, rows, console.color))
    return 0


def _show(args: Namespace, console: Console) -> int:
    from servec.cli.documents.models import ModelsDocument
    from servec.cli.given_model import model_document

    found = [model_document(name) for name in args.names]
    if console.format == "json":
        if len(found) > 1:
            raise UsageError("with `--format json`, `models show` takes one name")
        console.json(ModelsDocument(model=found[0]))
        return 0
    from servec.cli.render.models import model_page

    console.out("\n".join(model_page(model, console.color) for model in found))
    return 0


def _add(args: Namespace, console: Console) -> int:
    from servec.cli.documents.models import ModelsDocument
    from servec.cli.given_model import added, model_document

    if len(args.names) > 1:
        raise UsageError("`models add` takes one config.json, folder or GGUF file")
    files = added(args.names[0] if args.names else "", args)
    model = model_document(args.id) if args.names else None
    if console.format == "json":
        console.json(ModelsDocument(model=model, files=files))
        return 0
    for file in files:
        console.out(f"{file}\n")
    if model is not None:
        from servec.cli.render.models import model_page

        console.out("\n" + model_page(model, console.color))
    return 0
