"""The prompt for a text. What all prompts share stands first, so that a server can cache it."""

VERSION = "1"  # grows with every change of the wording

# The seven classes of MathCoder2 (arXiv 2410.08196), in our words.
CATEGORIES = {
    1: "a mathematical problem together with its solution, or exercises with worked answers",
    2: "an explanation of mathematics: definitions, theorems, proofs, methods, a lesson or a discussion about them",
    3: "another science, engineering, economics or the like, that uses mathematics as a tool",
    4: "a programming problem, with or without its solution",
    5: "an explanation of programming: algorithms, data structures, concepts of languages",
    6: "how to use a language, a library, a tool or a program: references, manuals, questions about errors",
    7: "anything else",
}

_INSTRUCTIONS = """\
You sort texts from web pages into seven categories:

{categories}

Judge what most of the text is about. Ignore menus, advertisements and damaged formulas. A text that only mentions \
mathematics or mathematicians, or that is full of numbers such as prices and scores, is in category 7. \
Between two categories take the one with the smaller number.

Text:
A bag holds three red and two blue marbles. We draw two. The chance that both are red is 3/5 times 2/4, that is 3/10.
Category: 1

Text:
Click on File, choose Options and set the matrix of paper sizes. Restart the printer if the vector fonts are missing.
Category: 6

Answer with one line: the word Category, a colon and the number.

Text:
"""


def prompt(text: str) -> str:
    """What the model is asked about a text."""
    return f"{shared()}{text}\n\nCategory:"


def shared() -> str:
    """The beginning of every prompt."""
    return _INSTRUCTIONS.format(categories="\n".join(f"{n}. {what}" for n, what in CATEGORIES.items()))
