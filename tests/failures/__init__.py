"""Launches that failed to start, from the issue threads of the runtimes, refused before start."""
