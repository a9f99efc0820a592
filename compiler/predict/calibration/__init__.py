"""Fitting the predictor's table to measurements; nothing here is on the way of a check."""
