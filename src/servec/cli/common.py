"""The options that every command has."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


def add_common(group: Any, formats: tuple[str, ...]) -> None:
    """Add them to a parser or a group of one."""
    group.add_argument("--format", choices=formats, default="text", help="how to print")
    group.add_argument(
        "--color", choices=("auto", "always", "never"), default="auto", help="colour of text"
    )
    group.add_argument("-q", "--quiet", action="store_true", help="print errors only")
    group.add_argument("-v", "--verbose", action="store_true", help="print more")
    group.add_argument("--version", action="store_true", help="print the version of servec")
    group.add_argument("-h", "--help", action="store_true", help="print this")
