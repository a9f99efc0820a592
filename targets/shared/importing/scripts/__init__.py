"""Shell scripts, read word by word without running anything: the commands that they start."""
