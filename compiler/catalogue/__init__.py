"""The catalogue: models, devices and precisions, read lazily from `compiler/facts`."""
