"""Which servers of a script run at once: those that are not waited for, until one is ended."""

from __future__ import annotations

import re

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

ENDS = re.compile(r"(?:.*/)?(?:p?kill|killall|fuser|wait|\w*(?:kill|stop|clean|teardown)\w*)")
"""Words of commands that end a server, or wait for its end."""
ELSEWHERE = re.compile(
    r"(?:.*/)?(?:docker|podman|nerdctl|ssh|srun|sbatch|mpirun|pdsh|kubectl|singularity|apptainer"
    r"|ray|torchrun|tmux|screen)"
)
"""Programs that may start it on another machine, or in a network of its own."""


class Batches:
    """Numbers what a script starts: the same number for what runs at once."""

    def __init__(self) -> None:
        """Nothing runs yet."""
        self._number = 1

    def of(self, words: Sequence[str], sure: bool) -> int:
        """The number of the next command, 0 where it is not known to be run (`sure`) and here."""
        if words[0] != "trap" and any(ENDS.fullmatch(word) for word in words[:6]):
            self.ended()
        elsewhere = any(ELSEWHERE.fullmatch(word) for word in words[:2])
        return self._number if sure and not elsewhere else 0

    def ended(self) -> None:
        """What comes now runs after what came before."""
        self._number += 1
