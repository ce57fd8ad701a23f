"""Extract: the bytes of a web page to its main text, with the LaTeX of its formulas."""
