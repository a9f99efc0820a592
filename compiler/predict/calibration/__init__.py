"""Fitting the predictor's table to a file of measurements; nothing here is on the way of a check."""
