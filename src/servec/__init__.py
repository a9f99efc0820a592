"""servec: a compiler for LLM serving."""

__version__ = "0.1.0"
