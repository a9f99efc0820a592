"""Releases from before the option tables: what their source says of flags, values and models.

`targets/<name>/past.json` is made by `extract` from unpacked releases, read with `ast` alone and
never imported: it knows less than a live parser, and judges launch lines, never writes one.
"""
