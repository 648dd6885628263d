"""Which courses and links there are: those of people.py, and those made while the demo runs.

A tutor adds links by deep linking and copies whole courses; both are kept in the state file.
Columns of graded links are made by gradebook.py.
"""

from dataclasses import asdict, replace
from typing import Any

from lti_tool.demo_platform.people import COURSES, LINKS, Course, Link
from lti_tool.demo_platform.store import Store

_FIRST_COURSE, _FIRST_LINK = 20, 40


def _course(values: dict[str, Any]) -> Course:
    return Course(**{**values, "members": tuple(values["members"])})


class Courses:
    """All courses and links of the demo."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def list_courses(self) -> list[Course]:
        made = self._store.get_setting("courses_made") or []
        return [*COURSES, *map(_course, made)]

    def _list_ever(self) -> list[Link]:
        made = self._store.get_setting("links_made") or []
        return [*LINKS, *(Link(**values) for values in made)]

    def list_all_links(self) -> list[Link]:
        deleted = self._store.get_setting("links_deleted") or []
        return [link for link in self._list_ever() if link.id not in deleted]

    def find_course(self, course_id: str | None) -> Course | None:
        return next((c for c in self.list_courses() if c.id == course_id), None)

    def find_link(self, link_id: str | None) -> Link | None:
        return next((k for k in self.list_all_links() if k.id == link_id), None)

    def list_links(self, course: Course) -> list[Link]:
        return [k for k in self.list_all_links() if k.course_id == course.id]

    def _keep(self, name: str, made: Any) -> None:
        self._store.set_setting(name, [*(self._store.get_setting(name) or []), asdict(made)])

    def add_link(self, link: Link) -> Link:
        """Keep a link under a new id."""
        ids = [int(k.id) for k in self._list_ever()]
        added = replace(link, id=str(max(_FIRST_LINK, *ids) + 1))
        self._keep("links_made", added)
        return added

    def delete_link(self, link: Link) -> None:
        """Its id is never given to another."""
        deleted = self._store.get_setting("links_deleted") or []
        self._store.set_setting("links_deleted", [*deleted, link.id])

    def copy_course(self, course: Course) -> tuple[Course, list[Link]]:
        """A copy as Moodle makes it: new ids; custom parameters, tags and resource ids kept."""
        ids = [int(c.id) for c in self.list_courses()]
        number = max(_FIRST_COURSE, *ids) + 1
        copy = replace(
            course,
            id=str(number),
            label=f"{course.label}_{number}",
            title=f"{course.title} copy {number}",
            about="A copy, made here. New participants begin with nothing.",
            history=",".join(filter(None, (course.id, course.history))),
        )
        self._keep("courses_made", copy)
        links = [
            self.add_link(replace(link, course_id=copy.id)) for link in self.list_links(course)
        ]
        return copy, links
