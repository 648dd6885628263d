"""What a file would change: each row held against who takes part and what is recorded."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from lti_tool.core.digests import document_digest
from lti_tool.programme.agreements import AGREED
from lti_tool.programme.bringing_in.columns import plain
from lti_tool.programme.bringing_in.meaning import RowMeant, SchoolGiven, Words
from lti_tool.programme.checking import check_standing
from lti_tool.programme.eligibility import Facts
from lti_tool.programme.mailboxes import is_own
from lti_tool.programme.posts import PostRead
from lti_tool.programme.recording import DbsFacts

_CHECKED = (
    "senco_since", "is_aspiring", "qts_checked_on", "qualification", "course_began_on", "trn",
)  # fmt: skip
_COLUMNS = {"is_aspiring": "aspiring", "has_qts": "qts"}
CHANGED, SAME, REFUSED = "changed", "same", "refused"


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody who takes part, as a row may mean them."""

    person_id: int
    name: str
    email: str | None


@dataclass
class Compared:
    """One row, and what keeping it would change."""

    row: RowMeant
    name: str
    facts: Facts | None = None
    reasons: list[tuple[str, str]] = field(default_factory=list)
    """Column and sentence of what cannot be taken; with any, nothing of the row is kept."""
    changes: list[str] = field(default_factory=list)
    """Groups of facts that would change: standing, school, agreement, mentor, dbs."""

    @property
    def state(self) -> str:
        """Whether the row would change something, nothing, or cannot be taken."""
        if self.reasons:
            return REFUSED
        return CHANGED if self.changes else SAME


class _Found:
    """Who takes part, by address and by name in plain letters: asked for every row."""

    def __init__(self, members: Sequence[Member]) -> None:
        self._by_mail: dict[str, list[Member]] = {}
        self._by_name: dict[str, list[Member]] = {}
        for one in members:
            self._by_name.setdefault(plain(one.name), []).append(one)
            if one.email:
                self._by_mail.setdefault(one.email.lower(), []).append(one)

    def whom(self, row: RowMeant) -> tuple[Member | None, tuple[str, str] | None]:
        """Whom a row means: by e-mail where both sides have one, else by their name."""
        by_mail = self._by_mail.get(row.email.lower(), [])
        if len(by_mail) == 1:
            return by_mail[0], None
        by_name = self._by_name.get(plain(row.name), []) if row.name else []
        if len(by_name) == 1:
            other = by_name[0].email
            if row.email and other and not is_own(row.email, other):
                return None, ("email", "A participant of this name has another address here.")
            return by_name[0], None
        if len(by_name) > 1:
            return None, ("name", "Several participants have this name: enter their address.")
        where = "email" if row.email else "name"
        return None, (
            where,
            "Nobody who takes part in this course is called so, or has this address.",
        )


def is_same_school(post: PostRead | None, given: SchoolGiven) -> bool:
    """Whether somebody works there already: by URN where both have one, else by name."""
    if post is None:
        return False
    if post.school.urn and given.urn:
        return post.school.urn == given.urn
    return plain(post.school.name) == plain(given.name)


def _school(row: RowMeant, facts: Facts, reasons: list[tuple[str, str]]) -> bool:
    if row.school is None or is_same_school(facts.post, row.school):
        return False
    began, post = row.school.started_on, facts.post
    if began is None:
        reasons.append(("started_on", "Enter since when they work there."))
    elif post is not None and began < post.started_on:
        reasons.append(("started_on", "This is before they began at the school recorded now."))
    return True


def _mentor(row: RowMeant, facts: Facts, is_moving: bool) -> bool:
    if row.mentor is None:
        return False
    now = facts.mentor
    return (
        now is None
        or is_moving
        or (row.mentor.email.lower(), row.mentor.role) != (now.email, now.role)
    )


def _dbs(row: RowMeant, facts: Facts) -> bool:
    if row.dbs is None:
        return False
    now = facts.dbs
    return now is None or row.dbs != DbsFacts(
        now.level, now.workforce, now.issued_on, now.update_service_on, now.checked_by,
        now.checked_on,
    )  # fmt: skip


def _agreement(row: RowMeant, facts: Facts, is_moving: bool) -> bool:
    if row.agreed_on is None:
        return False
    now = facts.agreement
    if now is None or is_moving or now.state != AGREED:
        return True
    return row.release_days is not None and row.release_days != now.release_days


def _standing(one: Compared, facts: Facts, words: Words) -> None:
    """What the row says of the teacher, held against what is recorded: both must be true."""
    given, now = one.row.standing, facts.standing
    if "senco_since" in given and "is_aspiring" not in given and now.is_aspiring:
        given["is_aspiring"] = False
    merged = {name: given.get(name, getattr(now, name)) for name in _CHECKED}
    if given:
        wrong = check_standing(**merged, today=words.today, numbers=words.numbers)
        one.reasons += [
            (_COLUMNS.get(name, name), sentence)
            for name, sentence in wrong.items()
            if _COLUMNS.get(name, name) not in one.row.problems
        ]
    if any(getattr(now, name) != new for name, new in given.items()):
        one.changes.append("standing")


def _hold_against(one: Compared, facts: Facts, own_email: str | None, words: Words) -> None:
    row = one.row
    one.facts = facts
    _standing(one, facts, words)
    is_moving = _school(row, facts, one.reasons)
    if is_moving:
        one.changes.append("school")
    for group, column, wants in (
        ("agreement", "agreed", _agreement(row, facts, is_moving)),
        ("mentor", "mentor", _mentor(row, facts, is_moving)),
    ):
        if wants and facts.post is None and row.school is None:
            one.reasons.append((column, "Enter the school too: this belongs to a school."))
        elif wants:
            one.changes.append(group)
    if row.mentor is not None and is_own(row.mentor.email, own_email):
        one.reasons.append(("mentor_email", "This is the participant’s own address."))
    if _dbs(row, facts):
        one.changes.append("dbs")


def compare(
    rows: Iterable[RowMeant], members: Sequence[Member], facts: dict[int, Facts], words: Words
) -> list[Compared]:
    """Every row held against what is recorded, in the order of the file."""
    people = _Found(members)
    found: list[Compared] = []
    whose: list[int | None] = []
    for row in rows:
        member, why = people.whom(row)
        one = Compared(row, member.name if member else row.name or row.email or "Nobody named")
        one.reasons += row.problems.items()
        if why is not None:
            one.reasons.append(why)
        if member is not None:
            _hold_against(one, facts[member.person_id], member.email, words)
        found.append(one)
        whose.append(member.person_id if member else None)
    counts = Counter(whose)
    for one, person_id in zip(found, whose, strict=True):
        if person_id is not None and counts[person_id] > 1:
            one.reasons.append(("name", "Two rows are about this participant: leave one."))
    return found


def digest_of(compared: Sequence[Compared]) -> str:
    """What a preview showed, in short: the keeping asks whether it would still be the same."""
    shown: dict[str, Any] = {
        str(one.row.place): [
            one.state,
            one.changes,
            repr(asdict(one.row)),
            repr(one.facts.standing) if one.facts else "",
            _marks(one.facts),
        ]
        for one in compared
    }
    return document_digest(shown)


def _marks(facts: Facts | None) -> list[int]:
    """The rows that the changes were held against."""
    if facts is None:
        return []
    parts = (facts.post, facts.agreement, facts.mentor, facts.dbs)
    return [part.id if part is not None else 0 for part in parts]
