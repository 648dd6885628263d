"""Remarks on a marker's page: what stands beside each place, and what is done with what was typed.

The fields belong to the page's marking form wherever they stand, so that a marker who saves a
remark loses no mark typed beside it, and the other way round, without any script.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from markupsafe import Markup
from sqlalchemy.orm import Session

from lti_tool.catalogue.contract import Anchor, Slot
from lti_tool.catalogue.register import get_activity
from lti_tool.core.errors import Conflict, Unusable
from lti_tool.coursework.queries import HandedIn, get_copy
from lti_tool.db.statements import AnyRow
from lti_tool.marking import remarks
from lti_tool.marking.remarks import RemarkRead
from lti_tool.marking.remarks_shown import in_order, make_slot
from lti_tool.people.queries import names_of
from lti_tool.web.cleaning import clean_text, require_length

NEW, CHANGE = "remark-", "change-"
ACTS = ("remark:", "change:", "unremark:")
"""Acts of the marking form that are about one remark and leave the marks alone."""


class RemarkProblem(Exception):
    """What was typed for a remark cannot be kept: the field's name, a sentence and a status."""

    def __init__(self, name: str, sentence: str, status: int) -> None:
        super().__init__(sentence)
        self.name = name
        self.sentence = sentence
        self.status = status


@dataclass(frozen=True, slots=True)
class Beside:
    """A piece of work with its places, and the remarks on it that one marker may see."""

    work: HandedIn
    copy: AnyRow
    activity: str
    anchors: tuple[Anchor, ...]
    shown: list[RemarkRead]
    names: dict[int, str]
    person_id: int
    form_id: str | None
    """The marking form that the fields belong to; None where this marker only reads."""
    action: str = ""
    typed: Mapping[str, str] = field(default_factory=dict)
    """What was typed and not saved, by field."""
    problem: tuple[str, str] | None = None
    """The field that could not be kept, and why."""

    def rendered(self) -> Markup:
        """The work with the remarks in place."""
        return get_activity(self.activity).render_for_marking(self.copy.document, self.slot())

    def slot(self) -> Slot:
        """What stands beside each place."""
        return make_slot(self.anchors, self.shown, self)

    def listed(self) -> list[tuple[str, RemarkRead]]:
        """Every remark with the name of its place, in the order of the work."""
        return in_order(self.anchors, self.shown)


def look_beside(
    session: Session,
    activity: str,
    work: HandedIn,
    shown: list[RemarkRead],
    person_id: int,
    *,
    form_id: str | None = None,
    action: str = "",
    typed: Mapping[str, str] | None = None,
    problem: tuple[str, str] | None = None,
) -> Beside:
    """What a marker sees beside a piece of work.

    :param shown: the remarks that this marker may see.
    :param form_id: the marking form of the page, where this marker may write.
    :param action: where that form goes.
    :param typed: what was posted and is to be shown again.
    :param problem: the field that could not be kept, and why.
    """
    copy = get_copy(session, work.copy_id)
    typed, problem = _in_place(session, work, person_id, shown, typed or {}, problem)
    return Beside(
        work=work,
        copy=copy,
        activity=activity,
        anchors=get_activity(activity).anchors(copy.document),
        shown=shown,
        names=names_of(session, {one.author_id for one in shown}),
        person_id=person_id,
        form_id=form_id,
        action=action,
        typed=typed,
        problem=problem,
    )


def _in_place(
    session: Session,
    work: HandedIn,
    person_id: int,
    shown: Sequence[RemarkRead],
    typed: Mapping[str, str],
    problem: tuple[str, str] | None,
) -> tuple[dict[str, str], tuple[str, str] | None]:
    """What was typed over a remark that is gone by now moves to the field for a new one there."""
    there = {f"{CHANGE}{one.id}" for one in shown if one.author_id == person_id}
    gone = [name for name in typed if name.startswith(CHANGE) and name not in there]
    if not gone:
        return dict(typed), problem
    numbers = {name: _number(name.removeprefix(CHANGE)) for name in gone}
    places = remarks.find_places(session, work.submission_id, numbers.values(), person_id)
    made = {name: text for name, text in typed.items() if name not in numbers}
    for name, number in numbers.items():
        if number in places and typed[name].strip():
            moved = f"{NEW}{places[number]}"
            made[moved] = "\n".join(filter(None, (made.get(moved, ""), typed[name])))
            if problem and problem[0] == name:
                problem = (moved, problem[1])
    return made, problem


def read_typed(posted: Mapping[str, str]) -> dict[str, str]:
    """The remark fields of a posted form as typed, by field name."""
    return {name: text for name, text in posted.items() if name.startswith((NEW, CHANGE))}


def _cleaned(name: str, text: str) -> str:
    try:
        made = clean_text(text)
        require_length(made, remarks.LONGEST)
    except ValueError as error:
        raise RemarkProblem(name, str(error), 422) from None
    return made


def _tried(name: str, act: Callable[[], object]) -> None:
    try:
        act()
    except Unusable as error:
        raise RemarkProblem(name, error.sentence, 422) from None
    except Conflict as error:
        raise RemarkProblem(name, error.sentence, 409) from None


def _number(raw: str) -> int:
    return int(raw) if raw.isascii() and raw.isdigit() and len(raw) < 16 else 0


def _keep(session: Session, beside: Beside, name: str, text: str) -> None:
    """Keep one field: a new remark, or other words for one there is."""
    words = _cleaned(name, text)
    work, anchors, me = beside.work, beside.anchors, beside.person_id
    if name.startswith(NEW):
        anchor = name.removeprefix(NEW)
        _tried(
            name,
            lambda: remarks.add_remark(session, work, anchors, anchor, words, author_id=me),
        )
        return
    number = _number(name.removeprefix(CHANGE))
    _tried(
        name,
        lambda: remarks.change_remark(session, work, anchors, number, words, author_id=me),
    )


def _is_changed(beside: Beside, name: str, text: str) -> bool:
    """Whether a field says anything that is not kept yet."""
    if name.startswith(NEW):
        return bool(text.strip())
    known = [one for one in beside.shown if f"{CHANGE}{one.id}" == name]
    if not known:
        return bool(text.strip())
    return text.replace("\r\n", "\n").strip() != known[0].text.strip()


def do_act(session: Session, beside: Beside, act: str, typed: Mapping[str, str]) -> dict[str, str]:
    """Save, change or remove one remark; the marks are left alone.

    :param act: `remark:<anchor>`, `change:<remark>` or `unremark:<remark>`.
    :param typed: the remark fields as typed.
    :return: what was typed and is still not saved.
    :raises RemarkProblem: naming the field; nothing is kept then.
    """
    what, _, rest = act.partition(":")
    name = (NEW if what == "remark" else CHANGE) + rest
    if what == "unremark":
        _tried(
            name,
            lambda: remarks.remove_remark(
                session, beside.work, _number(rest), author_id=beside.person_id
            ),
        )
    elif what == "remark" or _is_changed(beside, name, typed.get(name, "")):
        _keep(session, beside, name, typed.get(name, ""))
    return {key: text for key, text in typed.items() if key != name}


def keep_all(session: Session, beside: Beside, typed: Sequence[tuple[str, str]]) -> None:
    """Keep every remark that was typed and not saved by itself, as the marks are saved.

    :raises RemarkProblem: naming the field that cannot be kept.
    """
    for name, text in typed:
        if _is_changed(beside, name, text):
            _keep(session, beside, name, text)
