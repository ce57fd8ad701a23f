"""Asks a served model what kind of text each document is: the training data of the next round of classifiers."""
