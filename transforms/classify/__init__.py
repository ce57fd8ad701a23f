"""Annotates documents: math score, language, counts of formulas and tokens."""
