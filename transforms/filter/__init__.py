"""Applies thresholds to what is stored with each document; runs no model."""
