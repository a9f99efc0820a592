"""Print a completion script for a shell."""

from __future__ import annotations

from servec.cli.documents.small import CompletionDocument

TYPE_CHECKING = False
if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace

    from servec.cli.console import Console

SHELLS = ("bash", "zsh", "fish")
USAGE = "bash|zsh|fish"
EXAMPLE = """
$ servec completion bash > ~/.local/share/bash-completion/completions/servec
$ servec completion zsh > ~/.zfunc/_servec
$ servec completion fish > ~/.config/fish/completions/servec.fish
"""
FORMATS = ("text", "json")
EMPTY = "servec.completion/1"


def register(parser: ArgumentParser) -> None:
    """The arguments of `completion`."""
    parser.add_argument("shell", choices=SHELLS, help="the shell to complete in")


def run(args: Namespace, console: Console) -> int:
    """Print the script."""
    from servec.cli.complete import completion_script

    script = completion_script(args.shell)
    if console.format == "json":
        console.json(CompletionDocument(shell=args.shell, script=script))
    else:
        console.out(script)
    return 0
