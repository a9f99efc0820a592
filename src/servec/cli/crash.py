"""A bug in servec: one line for the user, a report file for whoever mends it."""

from __future__ import annotations

import os

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence


def report_bug(error: Exception, words: Sequence[str]) -> str:
    """Write `servec-bug-<hash>.txt` where that is possible; the line to print.

    The file holds the versions, the command line and the traceback, and no environment: that may
    hold secrets. The name comes from the text, so one bug gives one file.
    """
    import hashlib
    import platform
    import traceback

    from servec import __version__

    what = "".join(traceback.format_exception_only(error)).strip().splitlines()[-1][:200]
    body = "\n".join(
        (
            f"SRV901: servec {__version__} met a bug; report it with this file and the spec",
            f"python {platform.python_version()} on {platform.system()} {platform.machine()}",
            f"command: {' '.join(map(repr, words))}",
            "",
            "".join(traceback.format_exception(error)),
        )
    )
    name = f"servec-bug-{hashlib.sha256(body.encode('utf-8', 'replace')).hexdigest()[:8]}.txt"
    written = _write(name, body)
    where = f"; report written to {written}" if written else ""
    return f"error[SRV901]: a bug in servec: {what}{where}"


def _write(name: str, body: str) -> str:
    for folder in ("", os.environ.get("TMPDIR") or os.environ.get("TEMP") or "/tmp"):
        path = os.path.join(folder, name)
        try:
            with open(path, "w", encoding="utf-8", errors="backslashreplace") as file:
                file.write(body)
        except OSError:
            continue
        return path.replace(os.sep, "/")
    return ""
