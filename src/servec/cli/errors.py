"""What ends a command early: an exception for each exit code that is not a finding."""

from __future__ import annotations

FINE, FAILED, USAGE, MISSING, BUG = 0, 1, 2, 3, 70


class Stop(Exception):
    """Ends the command with `code`; the text is for the user, one line, no full stop."""

    code = FAILED


class UsageError(Stop):
    """Wrong usage, or a file that cannot be read or written."""

    code = USAGE


class MissingTool(Stop):
    """A tool from outside that the command needs is not installed."""

    code = MISSING
