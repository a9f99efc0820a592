"""Reads a launch that someone runs back into the language, and compares the two.

`scripts`, `manifests` and `python` find the commands in a file, `programs` tells which runtime one
starts and with which variables. A command then goes through `said` (its options as typed values)
and a `sheet`: the target's `readers` take what its `writers` write, `rows` reads the portable table
backwards, and what is left stays native. `compiled` compiles the spec, `compare` tells where it
comes back otherwise, and those options stay native in a further round, so that a field never
changes a launch.

How a runtime is added: `targets/<name>/readers.py` holds `READERS`, a function for each writer,
which moves options of the sheet to fields (`Sheet.field`, `Sheet.take`); `role(options)` where the
runtime has roles; its programs in `programs.json`, and in `settled` the spellings that mean the
same.
"""
