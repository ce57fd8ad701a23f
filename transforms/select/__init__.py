"""Decides cheaply which pages deserve extraction."""
