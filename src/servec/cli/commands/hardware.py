"""The table of devices that servec knows, with a source for each figure."""

from __future__ import annotations

from servec.cli.errors import UsageError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace

    from servec.cli.console import Console
    from servec.cli.documents.hardware import DeviceDocument

USAGE = "list [WORD...] | show NAME..."
EXAMPLE = """
$ servec hardware list              # every device
$ servec hardware list mi3          # those whose name holds a word
$ servec hardware show h200         # its figures and their sources
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
    else:
        console.out("\n".join(_page(device) for device in found))
    return 0


def _matching(names: tuple[str, ...], words: list[str]) -> list[str]:
    """One name for each device, where every word is part of one of its names."""
    from servec.compiler.catalogue.devices import names as places

    by_place: dict[str, list[str]] = {}
    for name in names:
        by_place.setdefault(places()[name], []).append(name)
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
    from servec.compiler.catalogue.devices import find_device, names, row
    from servec.compiler.catalogue.heard import heard

    several = heard(name)
    name = several[0] if len(several) == 1 else name
    device, held = find_device(name), row(name)
    if device is None or held is None:
        raise UsageError(_unknown(name))
    place = names()[name]
    return DeviceDocument(
        name=name,
        names=tuple(other for other, where in names().items() if where == place),
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
        confidence=held["confidence"],
        note=device.note,
        source=held["source"],
    )


def _unknown(name: str) -> str:
    from servec.compiler.catalogue.devices import device_names
    from servec.compiler.catalogue.heard import heard
    from servec.dsl.nearest import nearest

    if several := heard(name):
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
            f"{device.bandwidth / 1e9:.0f} GB/s",
            _tera(device.flops.get("bf16", device.flops.get("fp16", 0))),
            _tera(device.flops.get("fp8", 0)),
            device.link,
            str(device.domain),
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
        ("bandwidth", f"{device.bandwidth / 1e9:.1f} GB/s", "bandwidth"),
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


def _gib(size: int) -> str:
    return f"{size / 2**30:.1f} GiB" if size else ""


def _tera(rate: int) -> str:
    return f"{rate / 1e12:.0f}" if rate else ""
