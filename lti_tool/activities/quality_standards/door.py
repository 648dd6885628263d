"""Who is at the checklist: a leader of the programme, or somebody who teaches on it.

A grant for one course alone leads no programme. Whoever teaches sees the progress of the whole,
and writes in the standards they were named for.
"""

from dataclasses import dataclass
from pathlib import Path

from sqlalchemy.orm import Session

from lti_tool.activities.quality_standards.measuring import Place
from lti_tool.activities.quality_standards.reading import (
    ChecklistRead,
    Entry,
    current_of,
    framework_of,
    list_checklists,
)
from lti_tool.core.errors import NotAllowed, NotFound
from lti_tool.frameworks.framework import Framework, Item
from lti_tool.people.queries import list_leader_names, list_tutors
from lti_tool.people.visits import CurrentVisit
from lti_tool.programme.cohorts.queries import (
    ProgrammeRead,
    find_programme,
    list_cohorts,
    runs_of_cohorts,
)
from lti_tool.programme.cohorts.reach import list_led


@dataclass(frozen=True, slots=True)
class Desk:
    """A visit to the checklists of the programme its course belongs to."""

    visit: CurrentVisit
    programme: ProgrammeRead
    leads: bool
    """Whether the visitor leads the programme as a whole."""
    checklists: tuple[ChecklistRead, ...]

    @property
    def current(self) -> ChecklistRead | None:
        """The checklist that is looked at unless another is asked for."""
        return current_of(self.checklists)

    def may_write(self, checklist: ChecklistRead, entry: Entry) -> bool:
        """Whether the visitor writes in a standard now."""
        owns = entry.owner_id == self.visit.person_id
        return checklist.is_editable and (self.leads or owns)

    def may_read(self, entry: Entry) -> bool:
        """Whether the visitor sees all that was said of a standard."""
        return self.leads or entry.owner_id == self.visit.person_id


@dataclass(frozen=True, slots=True)
class Book:
    """One checklist with the framework it keeps."""

    desk: Desk
    checklist: ChecklistRead
    framework: Framework

    def place(self, config_dir: Path) -> Place:
        """Where its measures look."""
        return Place(config_dir, self.desk.programme.id, self.checklist.year)

    def get_item(self, item_id: str) -> Item:
        """A standard of the framework.

        :raises NotFound: it has none with this id.
        """
        item = self.framework.find_item(item_id)
        if item is None or item.is_area:
            raise NotFound("There is no such standard in this checklist.")
        return item


def find_desk(session: Session, visit: CurrentVisit) -> Desk | None:
    """The checklists of the programme that the visit's course is part of, or None where it is
    part of none yet."""
    programme = find_programme(session, visit.context_id)
    if programme is None:
        return None
    leads = visit.is_leader and programme.id in {one.id for one in list_led(session, visit)}
    return Desk(visit, programme, leads, tuple(list_checklists(session, programme.id)))


def get_book(session: Session, visit: CurrentVisit, year: int, *, to_lead: bool = False) -> Book:
    """A programme's checklist of a year.

    :param to_lead: whether only those who lead the programme may go on.
    :raises NotFound: the course is part of no programme, or there is no checklist of that year.
    :raises NotAllowed: the visitor does not lead the programme.
    """
    desk = find_desk(session, visit)
    found = next((one for one in desk.checklists if one.year == year), None) if desk else None
    if desk is None or found is None:
        raise NotFound("There is no checklist of this year for this course’s programme.")
    if to_lead:
        require_lead(session, desk)
    return Book(desk, found, framework_of(session, visit.registration_id, found))


def require_lead(session: Session, desk: Desk) -> None:
    """Only those who lead the programme go on.

    :raises NotAllowed: the visitor does not; the sentence names whom to ask.
    """
    if desk.leads:
        return
    names = list_leader_names(session, desk.visit.context_id, desk.visit.registration_id)
    others = [one for one in names if one != desk.visit.person_name]
    ask = f"Ask {', '.join(others)}." if others else "Ask whoever leads your programme."
    raise NotAllowed(f"Only those who lead the programme do this. {ask}")


def list_team(session: Session, programme_id: int) -> dict[int, str]:
    """Those who may own a standard: everybody who teaches in a course of the programme, its
    leaders among them, by name."""
    cohorts = [one.id for one in list_cohorts(session, programme_id)]
    contexts = {one.context_id for one in runs_of_cohorts(session, cohorts)}
    found: dict[int, str] = {}
    for row in list_tutors(session, sorted(contexts)):
        name = row.name or " ".join(filter(None, (row.given_name, row.family_name)))
        found.setdefault(row.person_id, name or f"Person {row.person_id}")
    return found
