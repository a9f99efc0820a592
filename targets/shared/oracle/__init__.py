"""Runs a runtime's own parser and config resolution, in that runtime's environment.

`run.py` is started by path with the Python of the runtime; nothing of servec is installed there.
The modules here use the standard library alone, and `targets/<name>/oracle.py` adds what one
runtime needs: how to load it without a GPU, its parser, its value sets, and how to judge a command.
"""
