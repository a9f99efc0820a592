"""The digest of a resolved deployment: SHA-256 of what it says, as JSON.

Keys are sorted; values are exact and in base units (a fraction as `{"ratio": "9/10"}`); positions,
comments, units as written and the order of fields leave no trace.
"""

from __future__ import annotations

from fractions import Fraction

from servec.dsl.kept import kept
from servec.dsl.spec import Count

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from servec.dsl.spec import Bound, NativeOption, OnBlock, Setting, Spec


@kept
def digest(spec: Spec) -> str:
    """64 hexadecimal digits."""
    import hashlib
    import json

    text = json.dumps(said(spec), sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def said(spec: Spec) -> dict[str, object]:
    """What the deployment says, as values that JSON holds; what is not said is left out."""
    found: dict[str, object] = {
        "name": spec.name,
        "settings": {path: _setting(setting) for path, setting in spec.settings.items()},
        "env": _bounds(spec.env),
        "on": {name: _on(block) for name, block in spec.on.items()},
        "adapters": {a.name: [a.path.value, _value(a.rank.value)] for a in spec.adapters},
        "asserts": [[a.path, a.op, _value(a.value), a.why] for a in spec.asserts],
        "roles": {name: said(role) for name, role in spec.roles.items()},
        "template_args": _bounds(spec.template_args),
        "overrides": _bounds(spec.overrides),
    }
    return {key: value for key, value in found.items() if value}


def _setting(setting: Setting) -> dict[str, object]:
    bounds = (setting.eq, setting.le, setting.ge)
    return {bound.op: _value(bound.value) for bound in bounds if bound}


def _bounds(bounds: Mapping[str, Bound]) -> dict[str, object]:
    return {name: _value(bound.value) for name, bound in bounds.items()}


def _on(block: OnBlock) -> dict[str, object]:
    found: dict[str, object] = {
        "version": block.version and block.version.value,
        "image": block.image and block.image.value,
        "options": {_native(o): _option(o) for o in block.options},
        "raw_args": block.raw_args and _value(block.raw_args.value),
        "env": _bounds(block.env),
    }
    return {key: value for key, value in found.items() if value}


def _native(option: NativeOption) -> str:
    return option.name.replace("_", "-")


def _option(option: NativeOption) -> object:
    if option.is_block:
        return {_native(child): _option(child) for child in option.children}
    value = _value(option.value)
    if option.is_string:
        return {"text": value}
    return [value, option.unit] if option.unit else value


def _value(value: object) -> object:
    if isinstance(value, Fraction):
        whole = value.denominator == 1
        return value.numerator if whole else {"ratio": f"{value.numerator}/{value.denominator}"}
    if isinstance(value, Count):
        return {"count": [value.kind, value.number]}
    if isinstance(value, tuple):
        return [_value(item) for item in value]
    return value
