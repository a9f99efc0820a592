"""Specs by the hundred for the replay on the real parsers (`.ci/replay`); none needs a runtime."""
