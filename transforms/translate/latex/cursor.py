"""Walking over a sequence of items from left to right."""

from collections.abc import Sequence

from transforms.translate.latex.lexer import Group, Item, Token, Unreadable


class Cursor:
    """A place in a sequence of items."""

    def __init__(self, items: Sequence[Item]) -> None:
        self.items = items
        self.at = 0

    def peek(self) -> Item | None:
        """The next item, None at the end."""
        return self.items[self.at] if self.at < len(self.items) else None

    def text(self) -> str:
        """The next item's text, "" for a group and at the end."""
        item = self.peek()
        return item.text if item else ""

    def take(self) -> Item:
        """The next item, which is consumed."""
        item = self.peek()
        if item is None:
            raise Unreadable("something is missing at the end")
        self.at += 1
        return item

    def skip(self, text: str) -> bool:
        """Consumes the next item if it reads so."""
        found = self.text() == text
        self.at += found
        return found

    def group(self, kind: str) -> Group | None:
        """The next item, consumed, if it is a group of this kind."""
        item = self.peek()
        if not isinstance(item, Group) or item.kind != kind:
            return None
        self.at += 1
        return item

    def argument(self) -> Sequence[Item]:
        """What a command or a script applies to: a group's items, or one token (of a number, one digit)."""
        item = self.take()
        if isinstance(item, Group):
            if item.kind != "{":
                raise Unreadable("an argument without braces")
            return item.items
        if item.text[-1].isdecimal() and len(item.text) > 1:
            raise Unreadable("a number of several digits without braces")
        return (item,)

    def term(self) -> Sequence[Item]:
        """What follows up to the next sign of a sum, consumed."""
        start = self.at
        while (item := self.peek()) and not (self.at > start and item.text in ("+", "-") and not self._after("^_")):
            self.at += 1
        return self.items[start : self.at]

    def rest(self) -> Sequence[Item]:
        """What follows, not consumed."""
        return self.items[self.at :]

    def _after(self, texts: str) -> bool:
        return self.at > 0 and self.items[self.at - 1].text in tuple(texts)


def two_arguments(cursor: Cursor) -> tuple[Sequence[Item], Sequence[Item]]:
    r"""The arguments of \frac or \binom; in `\frac12` they are two digits."""
    item = cursor.peek()
    if isinstance(item, Token) and item.text.isdecimal() and len(item.text) == 2:
        cursor.take()
        first, second = (Token(digit, item.start, item.end) for digit in item.text)
        return (first,), (second,)
    return cursor.argument(), cursor.argument()
