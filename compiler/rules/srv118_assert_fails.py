"""An assert does not hold for the plan.

Checks: each `assert` of the deployment, a profile or a role, after the plan is made; what is
    predicted counts by its middle value.
Because: an assert is what the reviewer of a spec relies on. It fails loudly when a change of the
    spec, of a table or of the predictor breaks it.
Wrong: assert parallel.tensor <= 2 else "leave the other cards to search"
    parallel { tensor = 8 }
Right: assert parallel.tensor <= 8 else "one replica for each host"
    parallel { tensor = 8 }
Source: language reference, statements
"""

from __future__ import annotations

from fractions import Fraction

from servec.compiler.rules.labels import at, seconds, write
from servec.dsl.diagnostic import Diagnostic, Figure, Fix, Label

TYPE_CHECKING = False
if TYPE_CHECKING:
    from servec.dsl.spec import Assert, Spec, Value


def diagnose(spec: Spec, line: Assert, path: str, value: Value | float) -> Diagnostic:
    """The finding on an assert whose path has `value` in the plan, in base units."""
    primary = Label(line.span, line.why[:60])
    shown = _shown(value)
    said = spec.setting(path)
    number = value if isinstance(value, (int, Fraction, str)) else Fraction(str(_float(value)))
    labels = seconds(primary, at(spec, path, "said here")) if said else ()
    return Diagnostic(
        "SRV118",
        "error",
        f"assert does not hold: `{line.path} {line.op} {line.text}`"[:100],
        primary,
        labels,
        (
            Figure(
                "planned", number, f"{path} is {shown} in the plan, asserted {line.op} {line.text}"
            ),
        ),
        _fixes(spec, line, path),
    )


def of_fleet(line: Assert, value: Value | float) -> Diagnostic:
    """The finding on an assert of a fleet."""
    number = value if isinstance(value, (int, Fraction, str)) else Fraction(str(_float(value)))
    text = f"{line.path} is {_shown(value)}, asserted {line.op} {line.text}"
    return Diagnostic(
        "SRV118",
        "error",
        f"assert does not hold: `{line.path} {line.op} {line.text}`"[:100],
        Label(line.span, line.why[:60]),
        (),
        (Figure("planned", number, text),),
        (Fix("change the fleet so that it holds, or the assert if it is no longer meant"),),
    )


def _float(value: object) -> float:
    return float(value) if isinstance(value, (int, float, Fraction)) else 0.0


def _shown(value: Value | float) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (float, Fraction)):
        return f"{float(value):.6g}"
    return str(value)


def _fixes(spec: Spec, line: Assert, path: str) -> tuple[Fix, ...]:
    """Pin what the compiler was free to choose; what is predicted only a person can move."""
    open_ = path.startswith("limits.") or path in ("replicas", "nodes", "precision.kv")
    if open_ and spec.pin(path) is None and not line.role:
        return (Fix(f"ask for it: {path} = {line.text}", write(spec, {path: line.text})),)
    return (Fix("change the spec so that it holds, or the assert if it is no longer meant"),)
