"""Runs every snippet in a sandbox and judges whether it computes the stated result."""
