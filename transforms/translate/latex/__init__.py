"""Reading an author's LaTeX strictly: what is not surely understood is refused, and nothing is evaluated."""
