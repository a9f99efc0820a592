"""The platform class that answers as the pretended CUDA device; vLLM imports it by name."""

from __future__ import annotations

import importlib

from servec.targets.shared.oracle.pretend import GPU

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_BASE: Any = importlib.import_module("vllm.platforms.cuda").CudaPlatformBase
_CAPABILITY: Any = importlib.import_module("vllm.platforms.interface").DeviceCapability
_ANSWERS: dict[str, Any] = {
    "get_device_capability": lambda cls, device_id=0: _CAPABILITY(*GPU["cc"]),
    "get_device_name": lambda cls, device_id=0: GPU["name"],
    "get_device_uuid": lambda cls, device_id=0: f"GPU-{device_id}",
    "get_device_total_memory": lambda cls, device_id=0: int(GPU["mem_gb"] * 2**30),
    "device_count": lambda cls: GPU["count"],
    "is_fully_connected": lambda cls, physical_device_ids: True,
    "num_compute_units": lambda cls, device_id=0: 132,
    "is_integrated_gpu": lambda cls, device_id=0: False,
    "is_arch_support_pdl": lambda cls: GPU["cc"][0] >= 9,
    "get_device_numa_node": lambda cls, device_id=0: None,
    "get_all_device_numa_nodes": lambda cls: None,
    "get_cuda_runtime_major": lambda cls: 13,
    "log_warnings": lambda cls: None,
}

Pretended = type(
    "Pretended", (_BASE,), {name: classmethod(answer) for name, answer in _ANSWERS.items()}
)
