"""Completion scripts, made from the parsers of the commands."""

from __future__ import annotations

from importlib import import_module

from servec.cli.commands import COMMANDS, module_name
from servec.dsl.record import record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator


@record
class Choice:
    """An option of a command: its flags, its help, and the words it takes (none: see `value`)."""

    flags: tuple[str, ...]
    help: str
    words: tuple[str, ...]
    value: bool


@record
class Completed:
    """What can stand behind one command; `files`: whether it takes files as positionals."""

    name: str
    help: str
    options: tuple[Choice, ...]
    words: tuple[str, ...]
    files: bool


def completion_script(shell: str) -> str:
    """The script for `bash`, `zsh` or `fish`."""
    return {"bash": _bash, "zsh": _zsh, "fish": _fish}[shell](tuple(_completed()))


def _completed() -> Iterator[Completed]:
    from servec.cli.options import parser_of

    for name, text in COMMANDS.items():
        options: list[Choice] = []
        words: list[str] = []
        files = False
        for action in parser_of(name, import_module(module_name(name)))._actions:
            choices = tuple(map(str, action.choices or ()))
            if action.option_strings:
                flags = tuple(action.option_strings)
                options.append(Choice(flags, action.help or "", choices, action.nargs != 0))
            elif choices:
                words += choices
            else:
                files = True
        yield Completed(name, text, tuple(options), tuple(words), files)


def _bash(commands: tuple[Completed, ...]) -> str:
    cases = []
    for each in commands:
        flags = " ".join(flag for option in each.options for flag in option.flags)
        words = " ".join(each.words)
        cases.append(f'    {each.name}) words="{words}"; flags="{flags}" ;;')
    values: dict[str, str] = {}
    for each in commands:
        for option in each.options:
            if option.words:
                values.setdefault("|".join(option.flags), " ".join(option.words))
    taken = [
        f'    {flags}) mapfile -t COMPREPLY < <(compgen -W "{words}" -- "$word"); return ;;'
        for flags, words in values.items()
    ]
    return "\n".join(
        (
            "# bash completion of servec; written by `servec completion bash`",
            "_servec() {",
            '  local word="${COMP_WORDS[COMP_CWORD]}" before="${COMP_WORDS[COMP_CWORD-1]}"',
            '  local command="${COMP_WORDS[1]}" words="" flags=""',
            "  COMPREPLY=()",
            "  if ((COMP_CWORD == 1)); then",
            f'    mapfile -t COMPREPLY < <(compgen -W "{" ".join(COMMANDS)} --help --version"'
            ' -- "$word")',
            "    return",
            "  fi",
            '  case "$before" in',
            *taken,
            "  esac",
            '  case "$command" in',
            *cases,
            "  esac",
            '  if [[ "$word" == -* ]]; then',
            '    mapfile -t COMPREPLY < <(compgen -W "$flags" -- "$word")',
            "  else",
            '    mapfile -t COMPREPLY < <(compgen -W "$words" -- "$word"; compgen -f -- "$word")',
            "  fi",
            "}",
            "complete -o filenames -F _servec servec",
            "",
        )
    )


def _quoted(text: str) -> str:
    """In single quotes, as zsh reads them: nothing inside is special but the quote itself."""
    return "'" + text.replace("'", "'\\''") + "'"


def _fish_quoted(text: str) -> str:
    """In single quotes, as fish reads them: it knows `\\\\` and `\\'` inside."""
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"


def _zsh(commands: tuple[Completed, ...]) -> str:
    lines = [
        "#compdef servec",
        "# written by `servec completion zsh`",
        "_servec() {",
        "  local -a commands=(",
        *(f"    {_quoted(f'{each.name}:{each.help}')}" for each in commands),
        "  )",
        "  if ((CURRENT == 2)); then",
        "    _describe command commands",
        "    return",
        "  fi",
        '  case "$words[2]" in',
    ]
    for each in commands:
        lines.append(f"    {each.name})")
        lines.append("      _arguments \\")
        for option in each.options:
            for flag in option.flags:
                lines.append(f"        {_quoted(_zsh_spec(flag, option))} \\")
        if each.words:
            lines.append(f"        {_quoted('*::: :(' + ' '.join(each.words) + ')')}")
        else:
            lines.append("        '*: :_files'")
        lines.append("      ;;")
    return "\n".join((*lines, "  esac", "}", '_servec "$@"', ""))


def _zsh_spec(flag: str, option: Choice) -> str:
    text = option.help.replace("[", "\\[").replace("]", "\\]").replace(":", "\\:")
    value = f":value:({' '.join(option.words)})" if option.words else ":value:_files"
    return f"{flag}[{text}]{value if option.value else ''}"


def _fish(commands: tuple[Completed, ...]) -> str:
    lines = ["# fish completion of servec; written by `servec completion fish`"]
    for each in commands:
        about = _fish_quoted(each.help)
        lines.append(f"complete -c servec -n __fish_use_subcommand -f -a {each.name} -d {about}")
    for each in commands:
        seen = f"-n '__fish_seen_subcommand_from {each.name}'"
        for option in each.options:
            names = " ".join(
                f"-l {flag[2:]}" if flag.startswith("--") else f"-s {flag[1:]}"
                for flag in option.flags
            )
            value = " -r" if option.value else ""
            if option.words:
                value = f" -x -a {_fish_quoted(' '.join(option.words))}"
            lines.append(f"complete -c servec {seen} {names}{value} -d {_fish_quoted(option.help)}")
        if each.words:
            lines.append(f"complete -c servec {seen} -f -a {_fish_quoted(' '.join(each.words))}")
    return "\n".join(lines) + "\n"
