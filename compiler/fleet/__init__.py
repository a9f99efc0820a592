"""Several deployments on one inventory: packing, placement and the sums over it."""
