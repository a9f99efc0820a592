"""Checkpoints by their safetensors headers."""
