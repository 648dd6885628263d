"""The acts of a round of sampled moderation: drawing the sample, and looking at its pieces.

None of them touches a judgement or an outcome; `decisions.py` has how a round ends.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from lti_tool.audit.operations import record
from lti_tool.core import clock
from lti_tool.core.errors import Conflict, Sentence
from lti_tool.core.identifiers import random_token
from lti_tool.coursework.copying import lock_assignment
from lti_tool.coursework.queries import AssignmentRead
from lti_tool.coursework.resetting import require_open
from lti_tool.coursework.rules import Rules
from lti_tool.db.statements import count_changed
from lti_tool.marking.models import Moderation, ModerationPiece
from lti_tool.marking.moderation.population import Population, get_population
from lti_tool.marking.moderation.queries import PieceRead, RoundRead
from lti_tool.marking.moderation.sampling import SHORT, draw, rule_of
from lti_tool.marking.rubrics import Rubric

AGREES, HIGHER, LOWER = "agrees", "higher", "lower"
VIEWS = (AGREES, HIGHER, LOWER)


class FieldProblem(Sentence):
    """An answer cannot be taken: the field and the sentence for it."""

    def __init__(self, field: str, sentence: str) -> None:
        super().__init__(sentence)
        self.field = field


class LookedAtElsewhere(Conflict):
    """What the moderator wrote of a piece was saved in another tab in between."""


def require_other_moderator(
    population: Population, markers: Mapping[int, str], moderator_id: int | None
) -> int:
    """The chosen moderator, if they may moderate.

    :param markers: who marks in the course.
    :raises FieldProblem: nobody of the course, or who gave every mark while there is somebody else.
    """
    if moderator_id is None or moderator_id not in markers:
        raise FieldProblem("moderator", "Choose a moderator from the course’s markers.")
    if moderator_id == population.sole_marker and len(markers) > 1:
        raise FieldProblem(
            "moderator",
            f"{markers[moderator_id]} gave all these marks. Choose somebody else to look at them.",
        )
    return moderator_id


def _require_startable(session: Session, assignment: AssignmentRead) -> int:
    """The number of the next round, while the assignment's row is held."""
    require_open(assignment)
    lock_assignment(session, assignment.id)
    rows = session.execute(
        select(Moderation.number, Moderation.decision).where(
            Moderation.assignment_id == assignment.id
        )
    ).all()
    if any(row.decision is None for row in rows):
        raise Conflict("A moderation of this activity is open already. Decide that one first.")
    return 1 + max((row.number for row in rows), default=0)


def _require_population(population: Population) -> None:
    if population.to_remark:
        raise Conflict(
            "The last moderation asked for all marks to be given again. "
            f"{population.to_remark} still to do before a new sample is drawn."
        )
    if not population.drawn_from:
        raise Conflict("There is no mark to moderate: none is given that was not moderated.")


def _keep_sample(
    session: Session,
    drawn: Moderation,
    population: Population,
    sample: Mapping[int, tuple[str, ...]],
) -> None:
    """Keep a round with what it was drawn from and the pieces it took."""
    drawn.population = {
        str(key): {"judgement": one.judgement_id, "mark": str(one.mark)}
        for key, one in population.drawn_from.items()
    }
    session.add(drawn)
    session.flush()
    for submission_id, why in sample.items():
        session.add(
            ModerationPiece(
                moderation_id=drawn.id,
                submission_id=submission_id,
                judgement_id=population.drawn_from[submission_id].judgement_id,
                why=" ".join(SHORT[name] for name in why),
            )
        )


def start_round(
    session: Session,
    assignment: AssignmentRead,
    rules: Rules,
    rubric: Rubric,
    *,
    markers: Mapping[int, str],
    moderator_id: int | None,
    is_blind: bool,
    actor_id: int,
) -> int:
    """Draw a sample from the marks as they stand now and give it to a moderator.

    The seed is made here and nowhere before, so that nobody can choose among samples.

    :return: the round's number.
    :raises Conflict: a round is open, or there is nothing to draw from.
    :raises FieldProblem: the moderator cannot be this person.
    """
    number = _require_startable(session, assignment)
    population = get_population(session, assignment, rules)
    _require_population(population)
    chosen = require_other_moderator(population, markers, moderator_id)
    rule, seed = rule_of(rules, rubric), random_token()
    sample = draw(population.marks, rule, seed)
    drawn = Moderation(
        assignment_id=assignment.id,
        number=number,
        rule=rule.as_document(),
        seed=seed,
        moderator_id=chosen,
        is_blind=is_blind,
        drawn_by_id=actor_id,
        drawn_at=clock.now(),
    )
    _keep_sample(session, drawn, population, sample)
    record(
        session,
        "moderation drawn",
        ("moderation", drawn.id),
        actor_id=actor_id,
        context_id=assignment.context_id,
        became={
            "assignment": assignment.id,
            "round": number,
            "from": len(population.drawn_from),
            "sample": len(sample),
            "moderator": chosen,
            "is_blind": is_blind,
        },
    )
    return number


@dataclass(frozen=True, slots=True)
class Looked:
    """What a moderator says of one piece."""

    view: str | None
    mark: Decimal | None
    note: str


def require_still_open(session: Session, one: RoundRead) -> None:
    """Hold a round's row for this transaction, and refuse where it is decided."""
    decision = session.scalar(
        select(Moderation.decision).where(Moderation.id == one.id).with_for_update()
    )
    if decision is not None:
        raise Conflict("This moderation is decided. Nothing more can be changed in it.")


def keep_view(
    session: Session,
    assignment: AssignmentRead,
    one: RoundRead,
    piece: PieceRead,
    looked: Looked,
    *,
    version: int,
    actor_id: int,
) -> None:
    """Keep what the moderator makes of a piece. The mark it was drawn with stays as it is.

    In a blind round the moderator's own mark comes first and stays as first given.

    :param version: of the piece, as the page showed it.
    :raises LookedAtElsewhere: it was saved in another tab since; nothing is overwritten.
    :raises Conflict: the round was decided.
    """
    require_open(assignment)
    require_still_open(session, one)
    mark = piece.mark if one.is_blind and piece.mark is not None else looked.mark
    changed = count_changed(
        session,
        update(ModerationPiece)
        .where(ModerationPiece.id == piece.id, ModerationPiece.version == version)
        .values(
            view=looked.view,
            mark=mark,
            note=looked.note,
            version=version + 1,
            seen_at=clock.now() if looked.view else None,
        ),
    )
    if not changed:
        raise LookedAtElsewhere(
            "This was saved elsewhere since you opened it. What was saved is shown below: put "
            "together what should stand, then save again."
        )
    record(
        session,
        "moderation piece looked at",
        ("submission", piece.submission_id),
        actor_id=actor_id,
        context_id=assignment.context_id,
        became={
            "round": one.number,
            "view": looked.view,
            "mark": None if mark is None else str(mark),
        },
    )
