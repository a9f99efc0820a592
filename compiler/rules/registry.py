"""The rules of families 3xx to 5xx and 118 to 120, in order of code."""

from __future__ import annotations

from servec.dsl.rule import Rule

_HERE = "servec.compiler.rules."

RULES: tuple[Rule, ...] = (
    Rule("SRV118", "error", "assert-fails", _HERE + "srv118_assert_fails"),
    Rule("SRV119", "error", "assert-path", _HERE + "srv119_assert_path"),
    Rule("SRV120", "warning", "not-judged", _HERE + "srv120_not_judged"),
    Rule("SRV301", "error", "unknown-model", _HERE + "srv301_unknown_model"),
    Rule("SRV302", "error", "unknown-hardware", _HERE + "srv302_unknown_hardware"),
    Rule("SRV303", "error", "runtime-hardware", _HERE + "srv303_runtime_hardware"),
    Rule("SRV304", "error", "precision-hardware", _HERE + "srv304_precision_hardware"),
    Rule("SRV305", "error", "precision-runtime", _HERE + "srv305_precision_runtime"),
    Rule("SRV306", "error", "architecture-runtime", _HERE + "srv306_architecture_runtime"),
    Rule("SRV307", "error", "memory", _HERE + "srv307_memory"),
    Rule("SRV308", "warning", "slo-floor", _HERE + "srv308_slo_floor"),
    Rule("SRV309", "error", "context-length", _HERE + "srv309_context_length"),
    Rule("SRV310", "error", "feature-missing", _HERE + "srv310_feature_missing"),
    Rule("SRV311", "error", "no-conversion", _HERE + "srv311_no_conversion"),
    Rule("SRV312", "error", "no-target-left", _HERE + "srv312_no_target_left"),
    Rule("SRV313", "warning", "slo-not-predicted", _HERE + "srv313_slo_not_predicted"),
    Rule("SRV314", "note", "precision-fallback", _HERE + "srv314_precision_fallback"),
    Rule("SRV315", "note", "hardware-not-stated", _HERE + "srv315_hardware_not_stated"),
    Rule("SRV316", "warning", "repository-unknown", _HERE + "srv316_repository_unknown"),
    Rule("SRV317", "warning", "memory-margin", _HERE + "srv317_memory_margin"),
    Rule("SRV318", "warning", "left-out", _HERE + "srv318_left_out"),
    Rule("SRV319", "note", "said-otherwise", _HERE + "srv319_said_otherwise"),
    Rule("SRV321", "note", "model-assumed", _HERE + "srv321_model_assumed"),
    Rule("SRV322", "warning", "load-beyond", _HERE + "srv322_load_beyond"),
    Rule("SRV323", "warning", "node-size", _HERE + "srv323_node_size"),
    Rule("SRV401", "error", "heads-tensor", _HERE + "srv401_heads_tensor"),
    Rule("SRV402", "warning", "kv-copies", _HERE + "srv402_kv_copies"),
    Rule("SRV403", "error", "quant-blocks", _HERE + "srv403_quant_blocks"),
    Rule("SRV404", "error", "degrees-product", _HERE + "srv404_degrees_product"),
    Rule("SRV405", "error", "experts-divide", _HERE + "srv405_experts_divide"),
    Rule("SRV406", "warning", "slow-fabric", _HERE + "srv406_slow_fabric"),
    Rule("SRV407", "error", "transfer", _HERE + "srv407_transfer"),
    Rule("SRV408", "warning", "uneven-stages", _HERE + "srv408_uneven_stages"),
    Rule("SRV409", "error", "roles-kv", _HERE + "srv409_roles_kv"),
    Rule("SRV501", "error", "pool-capacity", _HERE + "srv501_pool_capacity"),
    Rule("SRV502", "error", "budget", _HERE + "srv502_budget"),
    Rule("SRV503", "error", "unknown-pool", _HERE + "srv503_unknown_pool"),
    Rule("SRV504", "error", "pool-hardware", _HERE + "srv504_pool_hardware"),
    Rule("SRV505", "error", "shared-devices", _HERE + "srv505_shared_devices"),
    Rule("SRV506", "error", "one-port", _HERE + "srv506_one_port"),
    Rule("SRV507", "warning", "share-memory", _HERE + "srv507_share_memory"),
)
