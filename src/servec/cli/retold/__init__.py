"""Findings on a launch line told in its own words: the spec between is nothing its author saw."""
