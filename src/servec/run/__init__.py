"""Runs the steps of a deployment on this machine: each once, resumable, and nothing left behind."""
