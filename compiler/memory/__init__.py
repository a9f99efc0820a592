"""What a plan needs of each device's memory: weights, cache, and the rest, per runtime."""
