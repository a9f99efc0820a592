"""How fast a device multiplies weights of a precision: natively, or after widening them."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from servec.compiler.device import Device

WEIGHTS_ONLY = ("awq", "gptq", "w4a16", "mlx", "gguf")
"""Schemes whose activations stay in 16 bit, so that the matrix units work in 16 bit."""

UNKNOWN = 1e14
"""Taken where the table has no rate: only devices whose time is bandwidth (CPUs) lack one."""


def plain(device: Device) -> float:
    """Operations per second in 16 bit, dense, 32-bit accumulation."""
    flops = device.flops
    return float(flops.get("bf16") or flops.get("fp16") or flops.get("fp32") or UNKNOWN)


def rate(device: Device, bits: float, scheme: str) -> float:
    """Operations per second for weights stored in `bits` bits by `scheme`.

    Microscaled 4-bit weights without a 4-bit matrix unit are widened to 8 bit where activations
    are (MXFP4 on Blackwell), else to 16; a device without an 8-bit unit widens to 16.
    """
    flops = device.flops
    base = plain(device)
    if bits >= 12 or scheme.startswith(WEIGHTS_ONLY):
        return base
    eight = float(flops.get("int8" if scheme.startswith("int8") else "fp8") or base)
    if bits >= 6:
        return eight
    four = flops.get("fp4")
    if not four:
        return base
    return float(four) if scheme.startswith("nvfp4") else eight
