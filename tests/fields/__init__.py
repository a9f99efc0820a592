"""The matrix of fields by runtime: what becomes of each, seen and not claimed."""
