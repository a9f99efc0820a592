"""Rules that no command finds: what the tests hold of the package itself, with their pages."""
