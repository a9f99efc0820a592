"""What the devices of a plan cost and draw, where the table knows."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from servec.compiler.device import Device
    from servec.compiler.plan import Plan, Range


def cost(plan: Plan, device: Device) -> float | None:
    """USD/h of all replicas; None where the device has no price."""
    return device.price * devices(plan) if device.price else None


def power(plan: Plan, device: Device) -> float | None:
    """W of all replicas at the devices' limit; None where that is not known."""
    return float(device.power * devices(plan)) if device.power else None


def devices(plan: Plan) -> int:
    """Devices of all replicas."""
    return plan.gpus * max(1, plan.replicas)


def per_million(usd: float | None, throughput: Range | None) -> str:
    """The price of a million tokens of answers, as a note; "" where it is not known."""
    if usd is None or throughput is None or not throughput.value:
        return ""
    hour = 3600 / 1e6
    low, high = usd / (throughput.high * hour), usd / (throughput.low * hour)
    return f"{usd / (throughput.value * hour):.2f} USD per million tokens ({low:.2f} to {high:.2f})"


def joules(watts: float | None, throughput: Range | None) -> str:
    """Energy of a token of answers at the devices' limit, as a note; "" where it is not known."""
    if watts is None or throughput is None or not throughput.value:
        return ""
    return f"at most {watts / throughput.value:.2g} J per token of answers"
