"""What is open in an editor, and what a check last found of it."""

from __future__ import annotations

from servec.cli.sources import DiskSources, slashed
from servec.dsl.record import record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from servec.dsl.diagnostic import Diagnostic


@record
class Judged:
    """The findings of one open file, and the sources they point into."""

    findings: tuple[Diagnostic, ...]
    sources: DiskSources


class Session:
    """The open texts by path. A check reads them in place of the files on disk."""

    def __init__(self) -> None:
        """Nothing is open."""
        self._open: dict[str, bytes] = {}
        self._judged: dict[str, Judged] = {}
        self._reported: dict[str, set[str]] = {}

    def put(self, path: str, text: str) -> None:
        """The text of an open file."""
        self._open[slashed(path)] = text.encode()

    def close(self, path: str) -> tuple[str, ...]:
        """Forget an open file; the files whose findings it brought."""
        self._open.pop(slashed(path), None)
        self._judged.pop(slashed(path), None)
        return tuple(sorted(self._reported.pop(slashed(path), set())))

    def data(self, path: str) -> bytes:
        """The text of an open file, or of the file on disk."""
        return self.sources().read(slashed(path)) or b""

    def sources(self) -> DiskSources:
        """The files of the disk with the open texts laid over them."""
        found = DiskSources()
        for path, data in self._open.items():
            found.put(path, data)
        return found

    def judge(self, path: str) -> Judged:
        """Check an open file anew."""
        from servec import api

        sources = self.sources()
        name = slashed(path)
        made = Judged(api.check(sources, [name]).diagnostics, sources)
        self._judged[name] = made
        return made

    def judged(self, path: str) -> Judged:
        """What the last check found, or a first one."""
        return self._judged.get(slashed(path)) or self.judge(path)

    def report(self, path: str, files: set[str]) -> tuple[str, ...]:
        """Remember which files a check of `path` reports on; those it no longer does."""
        gone = self._reported.get(slashed(path), set()) - files
        self._reported[slashed(path)] = files
        return tuple(sorted(gone))
