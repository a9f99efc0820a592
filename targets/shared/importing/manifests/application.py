"""Applications of Ray Serve LLM in a file: a Serve config, or the RayService that holds one."""

from __future__ import annotations

from servec.dsl.record import record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import Any

    from servec.compiler.options.table import OptionTable

BUILDERS = ("ray.serve.llm:build_openai_app", "ray.serve.llm:build_dp_openai_app")
ROLES_BUILDER = "ray.serve.llm:build_pd_openai_app"
ROLES = ("prefill", "decode")
KV_ROLES = {"prefill": "kv_producer", "decode": "kv_consumer"}
PORT = 8000
"""Where Serve listens unasked (ray 2.60.0 serve/schema.py HTTPOptionsSchema)."""
_FILLED = ("llm_config", "prefill_config", "decode_config")


@record
class Application:
    """One model of an application. `beside`: what its config says beside the engine's arguments.

    `serve`: what the file says of Serve itself, `prefix` where the API stands, `version` the
    release that a RayService names, "" where none does. `role`: `prefill` or `decode` of one
    application, which stand one after the other, else "". `engine`: the runtime beneath.
    """

    model: str
    name: str
    arguments: Mapping[str, Any]
    env: Mapping[str, str]
    beside: Mapping[str, Any]
    serve: Mapping[str, Any]
    prefix: str = ""
    version: str = ""
    role: str = ""

    @property
    def engine(self) -> str:
        """The runtime whose arguments these are, by the class of its server."""
        return "sglang" if "sglang" in str(self.beside.get("server_cls", "")).lower() else "vllm"


def applications(text: str) -> tuple[Application, ...]:
    """The models that a YAML text serves through Ray Serve LLM; `ValueError` where it is none."""
    import yaml

    try:
        documents = list(yaml.load_all(text, Loader=yaml.SafeLoader))
        found: list[Application] = []
        for document in documents:
            inner, version = _served(document)
            found += _of(document if inner is None else yaml.safe_load(inner), version)
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        raise ValueError(str(error).split("\n", 1)[0]) from error
    return tuple(found)


def _served(document: Any) -> tuple[str | None, str]:
    """The Serve config within a RayService and its release; None where the document is no such."""
    spec = document.get("spec") if isinstance(document, dict) else None
    inner = spec.get("serveConfigV2") if isinstance(spec, dict) else None
    cluster = spec.get("rayClusterConfig") if isinstance(spec, dict) else None
    version = cluster.get("rayVersion", "") if isinstance(cluster, dict) else ""
    return (inner if isinstance(inner, str) else None), str(version)


def engine_words(table: OptionTable, given: Application) -> tuple[str, ...]:
    """The command that gives the engine the same arguments; unknown ones stay as they are named.

    Ray lets both roles be `kv_both`; a command says which of the two it is.
    """
    from servec.targets.shared.effective import ROLE_PORTS
    from servec.targets.shared.importing.typed import exact
    from servec.targets.shared.settings import Settings

    settings = Settings(table)
    for name, value in given.arguments.items():
        if given.role and name == "kv_transfer_config" and isinstance(value, dict):
            value = {**value, "kv_role": KV_ROLES[given.role]}
        if value is not None:
            settings.set(str(name).replace("_", "-"), exact(value))
    http = given.serve.get("http_options")
    http = http if isinstance(http, dict) else {}
    if "host" in http:
        settings.set("host", exact(http["host"]))
    port = http.get("port", PORT if given.role else None)
    if isinstance(port, int):  # the roles' own ports follow from the one in front
        settings.set("port", port + ROLE_PORTS.get(given.role, 0))
    if given.prefix:
        settings.set(
            "root-path" if table.option("root-path") else "fastapi-root-path", given.prefix
        )
    model = () if "model_path" in given.arguments else (given.model,)
    return (*model, "--served-model-name", given.name, *settings.argv())


def _of(document: Any, version: str) -> Iterator[Application]:
    if not isinstance(document, dict) or not isinstance(document.get("applications"), list):
        return
    serve = {name: value for name, value in document.items() if name != "applications"}
    for application in document["applications"]:
        path = str(application.get("import_path", "")) if isinstance(application, dict) else ""
        args = application.get("args") if path in (*BUILDERS, ROLES_BUILDER) else None
        if not isinstance(args, dict):
            continue
        prefix = str(application.get("route_prefix") or "/").rstrip("/")
        for role, config in _configs(args, path == ROLES_BUILDER):
            own = {n: v for n, v in args.items() if not str(n).startswith(_FILLED)}
            yield _model(config, own, serve, prefix, version, role)


def _configs(args: Mapping[str, Any], roles: bool) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """The configs of the models of an application, with their roles; both of those or neither."""
    found = args.get("llm_configs") or [args.get("llm_config")]
    named = [("", config) for config in found] if isinstance(found, list) else []
    if roles:
        named = [(role, args.get(f"{role}_config")) for role in ROLES]
    told = [(role, config) for role, config in named if isinstance(config, dict)]
    if not roles or len(told) == len(ROLES):
        yield from told


def _model(
    config: Mapping[str, Any],
    own: Mapping[str, Any],
    serve: Mapping[str, Any],
    prefix: str,
    version: str,
    role: str,
) -> Application:
    loading = config.get("model_loading_config")
    loading = loading if isinstance(loading, dict) else {}
    name = str(loading.get("model_id", ""))
    environment = config.get("runtime_env")
    environment = dict(environment) if isinstance(environment, dict) else {}
    env = environment.pop("env_vars", {})
    arguments = config.get("engine_kwargs")
    beside = {**config, **own, "runtime_env": environment}
    for filled in ("model_loading_config", "engine_kwargs", "llm_engine"):
        beside.pop(filled, None)
    return Application(
        str(loading.get("model_source") or name),
        name,
        arguments if isinstance(arguments, dict) else {},
        {str(key): str(value) for key, value in env.items()} if isinstance(env, dict) else {},
        {key: value for key, value in beside.items() if value not in (None, {})},
        serve,
        prefix,
        version,
        role,
    )
