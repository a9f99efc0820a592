"""The table of devices that servec knows, with a source for each figure."""

from __future__ import annotations

from servec.cli.errors import UsageError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace
    from typing import Any

    from servec.cli.console import Console
    from servec.cli.documents.hardware import DeviceDocument
    from servec.compiler.device import Device

USAGE = "list [WORD...] | show NAME..."
EXAMPLE = """
$ servec hardware list              # every device
$ servec hardware list mi3          # those whose name holds a word
$ servec hardware show h200         # its figures and their sources
$ servec hardware show sm_86        # what is judged where only the architecture is known
"""
FORMATS = ("text", "json")
EMPTY = "servec.hardware/1"
HEAD = ("name", "device", "memory", "usable", "bandwidth", "bf16", "fp8", "link", "domain", "power")


def register(parser: ArgumentParser) -> None:
    """The arguments of `hardware`."""
    parser.add_argument("verb", choices=("list", "show"), help="every device, or one with sources")
    parser.add_argument("names", nargs="*", metavar="NAME", help="names, or words to look for")


def run(args: Namespace, console: Console) -> int:
    """Print rows, or the figures of devices."""
    from servec.cli.documents.hardware import HardwareDocument
    from servec.compiler.catalogue.devices import device_names

    if args.verb == "show" and not args.names:
        raise UsageError("`hardware show` needs a name; `servec hardware list` has them")
    wanted = args.names if args.verb == "show" else _matching(device_names(), args.names)
    found = tuple(_document(name) for name in wanted)
    if console.format == "json":
        console.json(HardwareDocument(devices=found))
    elif args.verb == "list":
        console.out(_table(found, console.color))
        console.out(_bare() if not args.names else "")
    else:
        console.out("\n".join(_page(device) for device in found))
    return 0


def _bare() -> str:
    from servec.compiler.catalogue.bare import architectures

    return f"\nand where only the architecture is known: {', '.join(architectures())}\n"


def _matching(names: tuple[str, ...], words: list[str]) -> list[str]:
    """One name for each device where every word is part of one of its names; asked by a word, the
    architectures likewise.
    """
    from servec.compiler.catalogue.bare import architectures
    from servec.compiler.catalogue.devices import names as places

    by_place: dict[str, list[str]] = {}
    for name in names:
        by_place.setdefault(places()[name], []).append(name)
    if words:
        by_place |= {arch: [arch] for arch in architectures()}
    return sorted(
        _usual(found)
        for found in by_place.values()
        if all(any(word.lower() in name for name in found) for word in words)
    )


def _usual(found: list[str]) -> str:
    """The name people write: the one the table lists last."""
    from servec.compiler.catalogue.devices import row

    held = row(found[0])
    return held["names"][-1] if held is not None and held["names"] else found[0]


def _document(name: str) -> DeviceDocument:
    from servec.cli.documents.hardware import DeviceDocument
    from servec.compiler.catalogue.devices import find_device
    from servec.compiler.catalogue.stated import stated

    several = stated(name).names
    name = several[0] if len(several) == 1 else name
    device = find_device(name)
    if device is None:
        raise UsageError(_unknown(name))
    held, names = _held(device)
    return DeviceDocument(
        name=name,
        names=names,
        id=device.id,
        title=held["title"],
        vendor=device.vendor,
        kind=device.kind,
        arch=device.arch,
        generation=device.generation,
        memory=device.memory,
        usable=device.usable,
        bandwidth=device.bandwidth,
        flops=dict(device.flops),
        native=tuple(held["native"]),
        backends=tuple(held["backends"]),
        link=device.link,
        link_bandwidth=device.link_bandwidth,
        domain=device.domain,
        unified=device.unified,
        power=device.power,
        price=device.price,
        confidence=held.get("confidence", "high"),
        note=device.note,
        source=held["source"] if isinstance(held["source"], dict) else {},
    )


def _held(device: Device) -> tuple[dict[str, Any], tuple[str, ...]]:
    """The row of a device, or of its architecture where that is all, and the names of either."""
    from servec.compiler.catalogue.devices import names, row

    if device.bare:
        from servec.compiler.catalogue.bare import architectures

        bare = architectures()[device.id]
        return bare, (device.id, *bare.get("codes", ()))
    place = names().get(device.name, device.id)
    every = tuple(other for other, where in names().items() if where == place)
    held = row(every[0]) if every else None
    assert held is not None
    if device.name in every:
        return held, every
    return {**held, "source": {**held["source"], "memory": "its name, not a table"}}, (device.name,)


def _unknown(name: str) -> str:
    from servec.compiler.catalogue.devices import device_names
    from servec.compiler.catalogue.stated import stated
    from servec.dsl.nearest import nearest

    if several := stated(name).names:
        return f"{name!r} is one of {', '.join(several)}"
    near = nearest(name, device_names())
    return f"there is no hardware {name!r}{', nearest: ' + ', '.join(near) if near else ''}"


def _table(devices: tuple[DeviceDocument, ...], color: bool) -> str:
    from servec.cli.render.table import render_table

    rows = [
        (
            device.name,
            device.title,
            _gib(device.memory),
            _gib(device.usable),
            f"{device.bandwidth / 1e9:.0f} GB/s" if device.bandwidth else "",
            _tera(device.flops.get("bf16", device.flops.get("fp16", 0))),
            _tera(device.flops.get("fp8", 0)),
            device.link,
            str(device.domain or ""),
            f"{device.power} W" if device.power else "",
        )
        for device in devices
    ]
    return render_table(HEAD, rows, color, right="2345689")


def _page(device: DeviceDocument) -> str:
    """The figures of one device, one a line, each with its source."""
    flops = ", ".join(f"{name} {_tera(rate)}" for name, rate in device.flops.items())
    figures = (
        ("memory", _gib(device.memory), "memory"),
        ("usable", _gib(device.usable), "usable" if "usable" in device.source else "memory"),
        ("bandwidth", _rate(device.bandwidth), "bandwidth"),
        ("dense TFLOP/s", flops, "flops"),
        ("link", _link(device), "link"),
        ("power", f"{device.power} W" if device.power else "", "power"),
        ("price", f"{device.price:.2f} USD/h" if device.price else "", "price"),
    )
    lines = [f"{device.title}  ({', '.join(device.names)})"]
    kind = "" if device.kind == device.vendor else f" {device.kind}"
    facts = f"{device.vendor}{kind}, {device.generation}, {device.arch}"
    lines.append(f"  {facts}; native: {', '.join(device.native)}; for {', '.join(device.backends)}")
    for name, value, key in figures:
        if value:
            lines.append(f"  {name:<14}{value}")
            if key in device.source:
                lines.append(f"  {'':<14}source: {device.source[key]}")
    if device.note:
        lines.append(f"  note: {device.note}")
    lines.append(f"  confidence: {device.confidence}")
    return "\n".join(lines) + "\n"


def _link(device: DeviceDocument) -> str:
    rate = f"{device.link_bandwidth / 1e9:.0f} GB/s one way" if device.link_bandwidth else ""
    joined = f"joins {device.domain}" if device.domain > 1 else ""
    return ", ".join(part for part in (device.link, rate, joined) if part)


def _rate(bandwidth: int) -> str:
    return f"{bandwidth / 1e9:.1f} GB/s" if bandwidth else ""


def _gib(size: int) -> str:
    return f"{size / 2**30:.1f} GiB" if size else ""


def _tera(rate: int) -> str:
    return f"{rate / 1e12:.0f}" if rate else ""
