"""One step of a deployment: a piece of work, a server, or a question to it."""

from __future__ import annotations

from servec.dsl.record import record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Literal

    Kind = Literal["download", "convert", "quantize", "build", "serve", "router", "probe", "bench"]

WORK = ("download", "convert", "quantize", "build")
"""Kinds whose product stays: done once for the same inputs."""
SERVERS = ("serve", "router")
"""Kinds that stay up while what comes after them runs."""


@record
class Node:
    """A step. `after` are the names of the steps it waits for: work that is finished, servers that
    are up. `needs` and `makes` are paths, or addresses for servers and what asks them.

    `argv` and `env` as in `Process`. `process`: which one a server is, as `launch.sh` names it.
    """

    name: str
    kind: Kind
    argv: tuple[str, ...]
    env: Mapping[str, str] = {}
    needs: tuple[str, ...] = ()
    makes: tuple[str, ...] = ()
    after: tuple[str, ...] = ()
    process: str = ""
    role: str = ""
    node_rank: int = 0

    @property
    def works(self) -> bool:
        """Whether its product stays."""
        return self.kind in WORK

    @property
    def serves(self) -> bool:
        """Whether it stays up."""
        return self.kind in SERVERS
