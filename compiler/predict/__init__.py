"""How long requests take: bytes, operations and collectives, fitted to measurements, with bands."""
