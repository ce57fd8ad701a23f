"""translate: from the text of a document to computations, each a LaTeX expression with the Python that computes it."""
