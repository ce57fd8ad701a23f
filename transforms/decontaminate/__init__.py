"""Drops every document that holds a benchmark's question, with the evidence."""
