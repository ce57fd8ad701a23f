"""Renders the computations that stood the test as training text, one document each."""
