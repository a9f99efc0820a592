"""Rules of the families 2xx and 6xx: one module a code, its docstring the page.

They judge the `on` blocks of a spec by the option tables of the runtime. `judge` calls them; a
module is imported only when there is something to say.
"""

from __future__ import annotations

from servec.dsl.rule import Rule

_HERE = "servec.compiler.options.rules."

RULES: tuple[Rule, ...] = (
    Rule("SRV201", "error", "unknown-option", _HERE + "srv201_unknown_option"),
    Rule("SRV202", "error", "option-not-yet", _HERE + "srv202_option_not_yet"),
    Rule("SRV203", "error", "option-removed", _HERE + "srv203_option_removed"),
    Rule("SRV204", "warning", "option-deprecated", _HERE + "srv204_option_deprecated"),
    Rule("SRV205", "error", "option-value", _HERE + "srv205_option_value"),
    Rule("SRV206", "warning", "option-portable", _HERE + "srv206_option_portable"),
    Rule("SRV207", "error", "unknown-version", _HERE + "srv207_unknown_version"),
    Rule("SRV208", "error", "option-contradicts", _HERE + "srv208_option_contradicts"),
    Rule("SRV209", "note", "neighbour-version", _HERE + "srv209_neighbour_version"),
    Rule("SRV210", "warning", "read-in-part", _HERE + "srv210_read_in_part"),
    Rule("SRV601", "warning", "raw-args", _HERE + "srv601_raw_args"),
    Rule("SRV602", "warning", "raw-args-known", _HERE + "srv602_raw_args_known"),
    Rule("SRV603", "error", "raw-args-override", _HERE + "srv603_raw_args_override"),
    Rule("SRV604", "error", "env-override", _HERE + "srv604_env_override"),
    Rule("SRV605", "error", "secret", _HERE + "srv605_secret"),
)
