"""The kinds of evidence as a table names them: those known, and new ones as a table has them."""

import re
from collections.abc import Callable

from lti_tool.frameworks.checking import text_problem
from lti_tool.frameworks.framework import STANDARDS, Choice, Framework
from lti_tool.papers.lists import folded

_LONGEST, _MOST = 100, 60


class EvidenceKinds:
    """Grows while a table is read."""

    def __init__(self, before: Framework) -> None:
        self._are_used = before.kind == STANDARDS
        self.known = list(before.evidence_kinds)
        self.new: list[Choice] = []
        self._by_word = {folded(one.title): one for one in self.known}
        self._by_word |= {folded(one.id): one for one in self.known}

    def read(self, problem: Callable[[str, str], None], cell: str) -> tuple[str, ...]:
        """The ids of the kinds in a cell, split at semicolons and lines; at commas only where
        every piece is known.

        :param problem: takes a column and a sentence.
        """
        if not cell:
            return ()
        if not self._are_used:
            problem("evidence", "only quality standards have this.")
            return ()
        found: dict[str, None] = {}
        for piece in filter(None, map(str.strip, re.split(r"[;\n]", cell))):
            parts = [folded(part) for part in piece.split(",")]
            if folded(piece) in self._by_word:
                found[self._by_word[folded(piece)].id] = None
            elif all(part in self._by_word for part in parts):
                found.update((self._by_word[part].id, None) for part in parts)
            elif sentence := self._problem(piece):
                problem("evidence", sentence)
            else:
                found[self._add(piece).id] = None
        return tuple(found)

    def word_for(self, kind_id: str) -> str:
        """What `read` takes for this kind: its title, or its id where the title would mislead."""
        for one in self.known:
            if one.id == kind_id and ";" not in one.title:
                is_plain = self._by_word.get(folded(one.title)) == one
                return one.title if is_plain else kind_id
        return kind_id

    def _problem(self, piece: str) -> str:
        if len(self.known) >= _MOST:
            return f"these are more than {_MOST} kinds of evidence."
        if not folded(piece):
            return f"“{piece[:40]}” is no kind of evidence."
        return text_problem(piece, _LONGEST)

    def _add(self, piece: str) -> Choice:
        stem = re.sub(r"[^a-z0-9]+", "_", piece.casefold()).strip("_")[:30] or "evidence"
        taken = {one.id for one in self.known}
        names = (stem, *(f"{stem}_{number}" for number in range(2, _MOST + 2)))
        made = Choice(next(one for one in names if one not in taken), piece)
        self.known.append(made)
        self.new.append(made)
        self._by_word[folded(piece)] = made
        return made
