"""The main content of a page, found by the rules of trafilatura and by what stands in it."""
