"""The sglang target."""
