"""Reads a launch that someone runs back into the language, and compares the two."""
