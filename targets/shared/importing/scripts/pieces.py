"""What the words of a shell script are made of, before anything is filled in."""

from __future__ import annotations

from servec.dsl.record import record


@record
class Piece:
    """Part of a word: `text` as it is written, or the variable `name`.

    `quoted`: it is not split at blanks. `item`: which of an array, `@` and `*` for all. `sign` and
    `rest`: what is done to the value, as in `${name:-rest}`; `length` counts it instead. `run`:
    `text` is `$(…)`, `sum` it is `$((…))`.
    """

    text: str = ""
    name: str = ""
    quoted: bool = False
    item: str = ""
    sign: str = ""
    rest: str = ""
    length: bool = False
    run: bool = False
    sum: bool = False

    @property
    def every(self) -> bool:
        """Whether it stands for all items of an array, or all words of a call."""
        return self.item in ("@", "*") or self.name in ("@", "*")


@record
class Word:
    """The pieces of one word; an operator (`;`, `&&`, a line end) has its text in `operator`.

    A redirection has the number right before it in `pieces`.
    """

    pieces: tuple[Piece, ...] = ()
    operator: str = ""


@record
class Body:
    """A here document; `filled`: variables in it are."""

    text: str
    filled: bool
