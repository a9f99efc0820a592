"""What changes between two compilations: commands, memory, predictions, files."""
