"""What `trtllm-serve disaggregated` refuses: the front of servers, whose file names them all.

Source: TensorRT-LLM 1.3.0rc3 tensorrt_llm/commands/serve.py disaggregated, llmapi/disagg_utils.py
extract_disagg_cfg, extract_ctx_gen_cfgs. What stands below a kind of server beside `num_instances`,
`urls` and `router` goes to the servers.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from typing import Any

FLAGS = {
    "-c": "file",
    "--config_file": "file",
    "-m": "text",
    "--metadata_server_config_file": "text",
    "-t": "int",
    "--server_start_timeout": "int",
    "-r": "int",
    "--request_timeout": "int",
    "-l": "level",
    "--log_level": "level",
    "--metrics-log-interval": "int",
}
LEVELS = ("internal_error", "error", "warning", "info", "verbose", "debug", "trace")
OWN = (
    *("hostname", "port", "max_retries", "perf_metrics_max_requests", "context_servers"),
    *("generation_servers", "conditional_disagg_config", "otlp_config", "disagg_cluster"),
)
SERVERS = ("context_servers", "generation_servers")


def front_troubles(words: Sequence[str], files: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Words and keys that are refused, each with the reason; `words` stand behind the command."""
    at, file = 0, ""
    while at < len(words):
        flag, equals, value = words[at].partition("=")
        kind = FLAGS.get(flag, "")
        if not kind:
            yield flag, "the front of servers has no such option"
            at += 1
            continue
        if not equals:
            at += 1
            value = words[at] if at < len(words) else ""
        at += 1
        if not value:
            yield flag, "its value is missing"
        elif kind == "int" and not value.removeprefix("-").isdecimal():
            yield flag, "it takes a whole number"
        elif kind == "level" and value not in LEVELS:
            yield flag, f"it is one of {', '.join(LEVELS)}"
        file = value if kind == "file" else file
    if not file:
        yield "--config_file", "the front has no servers without it"
    elif file in files:
        yield from _content(files[file])


def _content(text: str) -> Iterator[tuple[str, str]]:
    from servec.targets.shared.importing.options_file import content_of

    found = content_of(text)
    if found is None:
        yield "--config_file", "it is no mapping in YAML"
        return
    shared = {key: value for key, value in found.items() if key not in OWN}
    for kind in SERVERS:
        held = found.get(kind) or {}
        if not isinstance(held, dict):
            yield kind, "it is no mapping"
            continue
        for key in sorted(key for key in shared if key in held and held[key] != shared[key]):
            yield f"{kind}.{key}", "it is said above with another value"
        if not found.get("disagg_cluster"):
            yield from _addresses(kind, {**shared, **held})


def _addresses(kind: str, held: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    count, urls = held.get("num_instances", 1), held.get("urls") or []
    if not isinstance(count, int) or isinstance(count, bool):
        yield f"{kind}.num_instances", "it takes a whole number"
        return
    if not isinstance(urls, list):
        yield f"{kind}.urls", "it takes a list"
        return
    for url in urls:
        parts = str(url).split(":")
        if len(parts) != 2 or not parts[1].strip().isdecimal():
            yield f"{kind}.urls", f"{url} is no host and port: host:8001"
    if urls and len(urls) != count:
        yield f"{kind}.urls", f"{len(urls)} of them for {count} instances: `num_instances`"
