"""The SGLang target: tables as data, and a small emitter."""
