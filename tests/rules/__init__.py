"""Rules of families 3xx to 5xx and 118 to 120."""
