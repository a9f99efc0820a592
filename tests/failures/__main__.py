"""What becomes of every failure: refused with its cause, with another, or not; false refusals."""

from __future__ import annotations

import contextlib
import io
import json
import sys
import tempfile

from servec.cli.main import main
from tests.failures import CASES, lay, line


def codes(words: list[str]) -> tuple[int, set[str]]:
    """The exit code of a line and the codes of its errors."""
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        code = main(words)
    found = json.loads(out.getvalue())["diagnostics"]
    return code, {item["code"] for item in found if item["severity"] == "error"}


def report() -> int:
    """Print each case that is not as it should be, then the counts."""
    counts = {"refused with its cause": 0, "with another": 0, "not refused": 0, "falsely": 0}
    for case in CASES:
        with tempfile.TemporaryDirectory() as place, contextlib.chdir(place):
            lay(case)
            code, found = codes(line(case))
            twin = codes(line(case, "good"))[0] if "good" in case else 0
        right = code == 1 and case["code"] in found
        fate = "refused with its cause" if right else "with another" if code else "not refused"
        for name in (fate, "falsely") if twin else (fate,):
            counts[name] += 1
            if name != "refused with its cause":
                sys.stdout.write(f"{name}: {case['source']}: {case['cause']}: {sorted(found)}\n")
    told = ", ".join(f"{name} {count}" for name, count in counts.items())
    sys.stdout.write(f"{len(CASES)} failures: {told}\n")
    return int(counts["refused with its cause"] < len(CASES) or counts["falsely"] > 0)


if __name__ == "__main__":
    raise SystemExit(report())
