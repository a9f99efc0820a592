"""Launches that are written in Python: a program is read by its syntax tree, and never run."""
