"""Finds the parts of a launch in the program that it is a call of."""

from __future__ import annotations

from servec.cli.retold.launch import Place
from servec.dsl.record import replace

TYPE_CHECKING = False
if TYPE_CHECKING:
    from servec.cli.retold.launch import Launch
    from servec.targets.shared.importing.python.written import Argument, Written

OURS = ("version", "hardware")
"""What is stated beside a program, not in it."""


def in_program(launch: Launch, written: Written) -> Launch:
    """The launch with each part where the program says it; what it does not say stays away."""
    file = written.file
    places = {key: place for key, place in launch.places.items() if key in OURS}
    places["program"] = Place(file, written.start, written.end, written.name)
    line = written.files is not None
    for key, argument in written.arguments.items():
        places[key] = _word(file, argument) if line else _place(file, key, argument)
    return replace(launch, places=places, keywords=not line)


def _word(file: str, argument: Argument) -> Place:
    """An option on the line of a program that makes the call."""
    flag, value = argument.typed, argument.value
    return Place(file, argument.start, argument.end, flag, value, argument.value_start)


def _place(file: str, key: str, argument: Argument) -> Place:
    """A value that is no constant cannot be mended where it stands."""
    start = argument.value_start if argument.constant else argument.end
    bare = argument.start == argument.value_start
    flag = "" if bare and key == "model" else f"{argument.typed}="
    return Place(file, argument.start, argument.end, flag, argument.value, start, not bare)


def python_name(flag: str) -> str:
    """The keyword that a flag is in Python."""
    return flag.lstrip("-").replace("-", "_")


def python_value(value: str, written: str) -> str:
    """A word as Python writes it, in the quotes of the value in whose place it stands."""
    quote = written[:1]
    if quote in ("'", '"'):
        return f"{quote}{value}{quote}" if quote not in value and "\\" not in value else repr(value)
    return {"true": "True", "false": "False", "null": "None"}.get(value, value)
