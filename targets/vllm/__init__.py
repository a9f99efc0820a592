"""The vLLM target: tables as data, and a small emitter."""
