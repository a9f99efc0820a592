"""Manifests, compose files and lines of containers: the commands that their containers start."""
