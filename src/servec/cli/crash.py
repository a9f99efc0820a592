"""A bug in servec itself.

Checks: nothing of the spec; servec failed where it must not, whatever the input says.
Because: an error of the user is always a finding with a line to change. What else goes wrong is
    ours: the command prints one line, writes a report file (versions, command line, traceback, no
    environment) and exits 70. Please report it with that file and the spec.
Wrong: any input that ends in exit code 70
Right: the same input after the bug is mended
Source: servec's exit codes
"""

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
