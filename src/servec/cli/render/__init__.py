"""Renderers: one form of a finding each, over the one diagnostic type."""
