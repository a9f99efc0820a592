"""Replays emitted commands on the runtimes' own parsers, in environments that hold them."""
