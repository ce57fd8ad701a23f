"""What every part of the reader shares: its budget, the branches that it is in, and the lines that were printed."""

import ast
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from transforms.execute.origins import values
from transforms.execute.origins.atoms import atoms_of_text
from transforms.execute.origins.reading import Origin
from transforms.execute.origins.values import Scope, Text, Value, Written

_STEPS = 20_000  # then no more loops are unrolled, no more calls followed
_DEEPEST = 90  # expressions, blocks and calls within each other
_MOST_LINES = 2000

Change = tuple[Scope, str, Value, bool]  # what a name was before, and whether it was at all


class Walker:
    """The state of one reading."""

    def __init__(self) -> None:
        self.steps = _STEPS
        self.spare = 0  # steps that reading all of the code once may take after that
        self.depth = 0
        self.sources = 0  # strings of code within each other
        self.loose = 0
        self.undecided = 0  # branches that computed conditions lead to
        self.says = 0  # branches that conditions lead to whose outcome is known, but is an answer
        self.raised: list[Value] = []  # exceptions that nothing caught yet
        self.thrown = False  # whether a call surely raised one
        self.recurses = False  # whether this happens in a function that calls itself
        self.journals: list[dict[tuple[int, str], Change]] = []
        self.lines: list[tuple[Origin | None, bool]] = []  # with whether the line may come any number of times
        self.pending: list[str | Value] = []  # the line that is not ended yet

    @property
    def unsure(self) -> bool:
        """Whether what happens here may not happen, or more than once."""
        return self.undecided + self.loose > 0

    @property
    def tired(self) -> bool:
        """Whether the budget is used up: what follows is read once, from top to bottom."""
        return self.steps < 0

    @contextmanager
    def deeper(self) -> Iterator[bool]:
        """Counts one level; False if there are too many."""
        self.depth += 1
        self.steps -= 1
        try:
            yield self.depth <= _DEEPEST and self.steps > -self.spare
        finally:
            self.depth -= 1

    def evaluate(self, node: ast.expr, scope: Scope) -> Value:
        """The value of an expression."""
        raise NotImplementedError

    def run(self, body: Sequence[ast.stmt], scope: Scope) -> frozenset[str]:
        """Runs statements; the ways in which they may end."""
        raise NotImplementedError

    def call(self, node: ast.Call, scope: Scope) -> Value:
        """The value of a call."""
        raise NotImplementedError

    def shown(self, value: Value) -> Value:
        """A value as `print` shows it."""
        raise NotImplementedError

    def run_source(self, source: str) -> None:
        """Runs code that stands in a string."""
        raise NotImplementedError

    def follow(self, callee: Value, arguments: list[Value], keywords: dict[str, Value] | None = None) -> Value:
        """Calls what belongs to the snippet; anything else is computed."""
        raise NotImplementedError

    def assign(self, scope: Scope, name: str, value: Value) -> None:
        """Gives a name a value, which the branch that it is in may take back."""
        if name in scope.outer:
            scope = (scope.parent.find(name) if scope.parent else None) or scope
        if self.says and values.is_verdict(value):
            value = None
        if self.journals:
            self.journals[-1].setdefault((id(scope), name), (scope, name, scope.names.get(name), name in scope.names))
        scope.names[name] = value

    def branch(self, ways: Sequence[Callable[[], frozenset[str]]]) -> frozenset[str]:
        """Goes several ways from the same point, of which a computed condition takes one."""
        ends: set[str] = set()
        afters: list[dict[tuple[int, str], Value]] = []
        before: dict[tuple[int, str], Change] = {}
        self.undecided += 1
        for way in ways:
            self.journals.append({})
            end = way()
            journal = self.journals.pop()
            if end - {"raise", "return"}:
                afters.append({key: scope.names.get(name) for key, (scope, name, _, _) in journal.items()})
                before |= journal
            ends |= end
            for scope, name, old, existed in journal.values():
                if existed:
                    scope.names[name] = old
                else:
                    scope.names.pop(name, None)
        self.undecided -= 1
        for key, (scope, name, old, existed) in before.items():
            introduced = [after[key] for after in afters if key in after]
            self.assign(scope, name, values.select(introduced, [old] * (existed and len(introduced) < len(afters))))
        return frozenset(ends - {"raise"} or ends)

    def emit(self, pieces: Sequence[str | Value]) -> None:
        """Prints: every line feed in a known part ends a line."""
        for piece in pieces:
            if not isinstance(piece, str):
                self.pending.append(piece)
                continue
            first, *others = piece.split("\n", _MOST_LINES)
            self.pending.append(first)
            for other in others:
                self.end_line()
                self.pending.append(other)

    @contextmanager
    def saying(self, says: bool) -> Iterator[None]:
        """What follows happens by a condition that may be the answer: its words compute."""
        self.says += says
        yield
        self.says -= says

    @contextmanager
    def loosely(self) -> Iterator[None]:
        """What is printed here may not be seen."""
        self.loose += 1
        yield
        self.loose -= 1

    def end_line(self) -> None:
        """Notes the pending line, if there is anything in it."""
        pieces, self.pending = self.pending, []
        text = Text(tuple(pieces))
        if text.literal is not None and not text.literal.strip():
            return
        found = values.written(text) if text.literal is None else Written(atoms_of_text(text.literal))
        if self.says and values.is_verdict(text):
            found = None
        elif self.undecided:
            found = values.weigh(found, text.literal)
        origin = None if found is None else Origin(found.atoms, found.operated)
        self._note(origin, loose=self.unsure)

    def lose(self) -> None:
        """Notes that lines may have been printed here which nobody followed."""
        self._note(None, loose=True)

    def _note(self, origin: Origin | None, loose: bool) -> None:
        self.lines.append((origin, loose))
        if len(self.lines) > _MOST_LINES:  # the first and the last ones count, not those in the middle
            self.lines[_MOST_LINES // 4 : -_MOST_LINES // 4] = [(None, True)]
