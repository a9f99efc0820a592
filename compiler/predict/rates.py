"""How fast a device multiplies weights of a precision: natively, or after widening them."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from servec.compiler.device import Device

WEIGHTS_ONLY = ("awq", "gptq", "w4a16", "mlx", "gguf")
"""Schemes whose activations stay in 16 bit, so that the matrix units work in 16 bit."""

PER_BYTE = 10.0
"""Operations for each byte of bandwidth, where the table has no rate, as of CPUs: a Raspberry Pi 5
multiplies 4 cores x 2.4 GHz x 16 numbers and reads 17 GB/s, an EPYC 9654 96 x 2.4 GHz x 32 and
461 GB/s (data sheets): 9 and 16."""
PLAIN_PER_BYTE = 4.0
"""The same of a CPU that widens everything to 32 bit: a Raspberry Pi 4 multiplies 4 cores x 1.5 GHz
x 8 numbers (NEON of a Cortex-A72) and reads 12.8 GB/s."""


def plain(device: Device) -> float:
    """Operations per second in 16 bit, dense, 32-bit accumulation."""
    flops = device.flops
    known = flops.get("bf16") or flops.get("fp16") or flops.get("fp32")
    each = PLAIN_PER_BYTE if tuple(device.native) == ("fp32",) else PER_BYTE
    return float(known or each * (device.bandwidth or 1e10))


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
