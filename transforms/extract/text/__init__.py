"""The tree of a page as text: headings, paragraphs, lists, tables, quotes."""
