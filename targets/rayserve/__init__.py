"""The rayserve target."""
