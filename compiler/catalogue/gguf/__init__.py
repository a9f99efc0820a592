"""Models from the header of a GGUF file: its keys and the shapes of its tensors."""
