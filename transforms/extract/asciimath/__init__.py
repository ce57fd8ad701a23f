"""AsciiMath as presentation MathML: a parser of its grammar, and the table of its symbols."""
