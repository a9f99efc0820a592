"""What a runtime can do at one version, from the claims beside its target.

`targets/<name>/capabilities.json` is a list of claims `{what, value, since, until, source, note}`.
`what` is `reach.<arch>`, `refused.<arch>`, `precision.<scheme>`, `kv.<word>`, `feature.<name>`,
`topology`, `transfer`, `quantize.<word>`, `convert`, `convert_from`, `exclude`, `port`, `image`,
`image.<vendor or arch>`, `cache`, `files`, `kv_default`, `slots`, `reserves`, `moves`, `tokens`; a
target that runs another's engine has `engine`, its version. Precisions and caches that run alike
share a claim: `precision.q4_0 q8_0`. In `topology`, `"$name"` is a value set of the option table.
Architectures and the words of enum fields are not claims: they come from the value sets of the
option table and from the portable table.
"""

from __future__ import annotations

from functools import lru_cache

from servec.compiler.capabilities import Capabilities, Support, Topology
from servec.compiler.options.versions import order
from servec.dsl.json_file import load_json
from servec.targets.shared.lazy import LazyMap, LazySet
from servec.targets.shared.portable import load_portable
from servec.targets.shared.table import FOLDER, load_sets, versions
from servec.targets.shared.words import NativeWords

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any


@lru_cache
def load_capabilities(runtime: str, version: str) -> Capabilities:
    """The claims of `runtime` that hold for the version of an option table."""
    found = _by_kind(runtime, version)
    images = {key: _image(value, version) for key, value in found.get("image", {}).items()}
    quantize: Mapping[str, Mapping[str, Any]] = found.get("quantize", {})
    flags = {entry["scheme"]: entry for entry in quantize.values()}
    return Capabilities(
        runtime=runtime,
        version=version,
        architectures=_values(runtime, version, "architectures"),
        reach=found.get("reach", {}),
        refused=found.get("refused", {}),
        precisions=_supports(found.get("precision", {}), flags),
        kv=_supports(found.get("kv", {}), {}),
        features=found.get("feature", {}),
        values=NativeWords(lambda: load_portable(runtime, version)),
        topology=_topology(found["topology"][""], runtime, version),
        transfer=frozenset(found.get("transfer", {}).get("", ())),
        quantize_at_load={word: entry["scheme"] for word, entry in quantize.items()},
        converts={word: word for word in found.get("convert", {}).get("", ())},
        converts_from=frozenset(found.get("convert_from", {}).get("", ())),
        lacks=LazyMap(lambda: load_portable(runtime, version).lacks()),
        otherwise=LazyMap(lambda: load_portable(runtime, version).otherwise()),
        spares=LazyMap(lambda: load_portable(runtime, version).spares()),
        excludes=tuple(found.get("exclude", {}).values()),
        default_port=found["port"][""],
        image=images.get("", ""),
        table=version,
        files=found.get("files", {}).get("", "hub"),
        kv_default=found.get("kv_default", {}).get("", ""),
        slots=found.get("slots", {}).get("", 0),
        reserves="reserves" in found,
        moves=frozenset(found.get("moves", {}).get("", ())),
        tokens=found.get("tokens", {}).get("", 0),
        holders=lambda name: _holders(runtime, name),
    )


def _holders(runtime: str, name: str) -> tuple[str, ...]:
    return tuple(
        each for each in versions(runtime) if name in _values(runtime, each, "architectures")
    )


def image_for(runtime: str, version: str, vendor: str, arch: str) -> str:
    """The container image of a runtime for a device; "" where none is published for it."""
    images: Mapping[str, str] = _by_kind(runtime, version).get("image", {})
    for key in (arch, vendor):
        if key in images:
            return _image(images[key], version)
    return _image(images.get("", ""), version) if vendor in ("nvidia", "any", "") else ""


def claimed(runtime: str, version: str, kind: str, key: str = "") -> Any:
    """The value of a claim of the target's own; `KeyError` where none holds for the version."""
    return _by_kind(runtime, version)[kind][key]


@lru_cache
def _claims(runtime: str) -> tuple[Mapping[str, Any], ...]:
    return tuple(load_json(FOLDER, runtime, "capabilities.json")["claims"])


@lru_cache
def _by_kind(runtime: str, version: str) -> Mapping[str, Mapping[str, Any]]:
    """Claims that hold, as kind to key to value; support claims keep their source."""
    now = order(version)
    made: dict[str, dict[str, Any]] = {}
    for claim in _claims(runtime):
        if ("since" in claim and order(claim["since"]) > now) or (
            "until" in claim and order(claim["until"]) < now
        ):
            continue
        kind, _, key = claim["what"].partition(".")
        under = made.setdefault(kind, {})
        if kind == "exclude":
            first, second = claim["value"]
            under[f"{first} {second}"] = (first, second, claim["source"])
        elif kind in ("precision", "kv"):
            row = {**claim["value"], "source": claim["source"]}
            under.update(dict.fromkeys(key.split(), row))
        else:
            under[key] = claim["value"]
    return made


def _topology(claim: Mapping[str, Any], runtime: str, version: str) -> Topology:
    values: dict[str, Any] = {}
    for name, value in claim.items():
        if isinstance(value, str) and value.startswith("$"):
            value = _values(runtime, version, value[1:])
        values[name] = frozenset(value) if isinstance(value, (list, tuple)) else value
    return Topology(**values)


def _values(runtime: str, version: str, name: str) -> LazySet:
    """A value set of the option table."""
    return LazySet(lambda: load_sets(runtime, version).get(name, ()))


def _supports(
    claims: Mapping[str, Mapping[str, Any]], flags: Mapping[str, Mapping[str, Any]]
) -> dict[str, Support]:
    """Support by scheme; what one claim says of several is made once."""
    made: dict[tuple[int, str], Support] = {}
    found = {}
    for scheme, claim in claims.items():
        told = flags.get(scheme, {})
        key = (id(claim), told.get("flag", ""))
        if key not in made:
            made[key] = _support(claim, key[1], tuple(told.get("spelt", ())))
        found[scheme] = made[key]
    return found


def _support(claim: Mapping[str, Any], flag: str, spelt: tuple[str, ...]) -> Support:
    return Support(
        native=frozenset(claim.get("native", ())),
        emulated=frozenset(claim.get("emulated", ())),
        flag=flag,
        how=claim.get("how", ""),
        source=claim["source"],
        spelt=spelt,
    )


def _image(text: str, version: str) -> str:
    return text.replace("{version}", version)
