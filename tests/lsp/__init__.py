"""The language server: its parts, and the whole over its protocol."""
