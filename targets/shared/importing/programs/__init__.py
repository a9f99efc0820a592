"""Programs that start a runtime, stand before one, make what it serves, or only look like it."""
