"""The decisions: each file fills one thing the spec leaves open, and can say why."""
