"""Tokens for what was taken out of a page's tree, and their way back into its text."""

import re

from transforms.extract.latex import Found
from transforms.extract.macros import split_definitions
from transforms.text_format import delimit, escape_prose, fence, inline_code

_EMPTY = frozenset([r"\begingroup", r"\endgroup", r"\require{AMScd}"])  # what Stack Exchange puts around an answer
_TABLE_OR_HEADING = ("|", "#")


class Vault:
    """The formulas and the code of one page, and the macros that it defines.

    A token is a word of letters and digits that the page does not hold; its letter tells a formula, a display formula,
    code within a line, and a block of code apart.
    """

    def __init__(self, page: str) -> None:
        longest = max((match.end() - match.start() for match in re.finditer("Mzqx*", page)), default=2)
        self.key = key = "Mzq" + "x" * (longest - 2)  # what all tokens begin with
        self._entries: list[str] = []
        self._token = re.compile(rf"{key}([fc])(\d+)Q|(?:(?<![ \t])[ \t]++)?{key}([db])(\d+)Q[ \t]*")
        self._formula = re.compile(rf"{key}[fd]\d+Q")
        self.macros: dict[str, None] = {}  # in the order in which the page defines them

    def formula(self, found: Found) -> str:
        """A token for the formula; "" if it is blank or only defines macros."""
        definitions, latex = split_definitions(self._token.sub(self._nested, found.latex))
        self.macros.update(dict.fromkeys(definitions))
        if latex in _EMPTY:
            return ""
        return self._keep("d" if found.display else "f", delimit(latex, display=found.display))

    def code(self, text: str, language: str) -> str:
        """A token for a block of code, "" for a blank one."""
        return self._keep("b", fence(text, language) if text.strip() else "")

    def inline_code(self, text: str) -> str:
        """A token for code within a line, "" for blank code."""
        return self._keep("c", inline_code(text))

    def formulas(self, text: str) -> set[str]:
        """The formulas' tokens that a text holds."""
        return set(self._formula.findall(text))

    def has_block(self, text: str) -> bool:
        """Whether a text holds a token for a block of code."""
        return f"{self.key}b" in text

    def restore(self, text: str) -> str:
        """The text, its prose escaped, with all tokens put back, display formulas and blocks on lines of their own."""
        lines = (self._restore_line(line) for line in escape_prose(text).split("\n"))
        return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()

    def _nested(self, match: re.Match[str]) -> str:
        """What a token inside another formula stands for there."""
        kind, entry = self._entry(match)
        return entry.strip("$") if kind in "fd" else rf"\text{{{entry.strip('`')}}}"

    def _entry(self, match: re.Match[str]) -> tuple[str, str]:
        return match[1] or match[3], self._entries[int(match[2] or match[4])]

    def _keep(self, kind: str, text: str) -> str:
        if not text:
            return ""
        self._entries.append(text)
        return f"{self.key}{kind}{len(self._entries) - 1}Q"

    def _restore_line(self, line: str) -> str:
        indent = line[: len(line) - len(line.lstrip())]
        one_line = line.lstrip().startswith(_TABLE_OR_HEADING)

        def put_back(match: re.Match[str]) -> str:
            kind, entry = self._entry(match)
            if one_line and kind == "b":
                return f" {inline_code(entry.strip('`').partition(chr(10))[2])} "
            if one_line and kind == "d":
                return f" {' '.join(entry.split())} "
            if kind in "fc":
                return entry.replace("\n", " ")
            return f"\n{entry}\n".replace("\n", f"\n{indent}")

        restored = self._token.sub(put_back, line)
        return restored if restored == line else re.sub(r"(?m)(?<![ \t])[ \t]+$", "", restored).strip("\n")
