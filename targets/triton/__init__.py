"""The triton target."""
