"""Option tables of the runtimes, and what is checked against them; no runtime is named here."""
