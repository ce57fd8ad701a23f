"""Keeps one document of every cluster of equal or near-equal ones."""
