"""Words behind a flag that an old release reads as a number, and that are none to it.

Where the table reads the flag as a number too, its own finding tells it; this is of flags that are
gone, or that take more since. vllm 0.8.3 vllm/engine/arg_utils.py: int; 0.8.4 human_readable_int
for the context, 0.9.1 for the batch too; 0.14.0 human_readable_int_or_auto for the context.
"""

from __future__ import annotations

import re

from servec.targets.shared.table import load_table

TYPE_CHECKING = False
if TYPE_CHECKING:
    from servec.targets.shared.past.line import Use
    from servec.targets.shared.past.release import Release

INT = r"[-+]?\d[\d_]*"
FORMS = {
    "int": INT,
    "float": r"[-+]?(\d[\d_]*\.?\d*|\.\d+)([eE][-+]?\d+)?|[-+]?(inf|nan)",
    "size": rf"{INT}|\d+(\.\d+)?[kmg]|\d+[KMG]",
}
IN_PART = r"[-+]?\.?\d.*"
"""What a parser takes that reads a number as far as it goes: `leading` in the table's syntax."""
OPEN = r"|None|[$<{].*"
"""What is no word yet, or means that nothing is said."""


def no_number(release: Release, use: Use) -> str:
    """The first word behind a flag that the release reads as a number and that is none, else ""."""
    kind = release.took(use.flag).get("type", "")
    if kind not in FORMS or use.meant:
        return ""
    table = load_table(release.runtime, release.table)
    found = table.flag(use.flag)
    if found is not None and found[0].type in ("int", "float") and not found[0].form:
        return ""
    form = IN_PART if "leading" in table.syntax else FORMS[kind]
    return next((word for word in use.values if not re.fullmatch(f"{form}|{OPEN}", word)), "")
