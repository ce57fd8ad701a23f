"""Renderings that hold no LaTeX (KaTeX and MathJax without their sources), read back as presentation MathML."""
