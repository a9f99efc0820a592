"""The runtimes servec can emit for, one folder each."""
