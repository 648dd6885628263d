"""The demo platform on a thread of this process, with trouble on the line to it.

Real HTTP on loopback. The platform's own switches make it misbehave as Moodle does; what a
network or a proxy may do besides (a lost answer, a page for people, a trickle) is put in front
of it here. The same server publishes the tool's keys.
"""

import io
import json
import re
import socket
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from werkzeug.serving import make_server
from werkzeug.wrappers import Request, Response

from lti_tool.demo_platform.app import registration_values
from lti_tool.lti.keys import published_keys
from tests.support.platform_app import platform_app
from tests.support.serving import Quiet, serving

PARTICIPANTS = ("5", "6", "7")
"""The only people of the demo whom its course 2 takes scores for."""


@dataclass
class Trouble:
    """What happens to the next requests of one kind."""

    kind: str
    """token, score, results, columns or any."""
    times: int = 1
    answer: Callable[[], Response] | None = None
    """Answers in place of the platform; None lets its own answer through."""
    passes_on: bool = False
    """Let the platform do what was asked first, so that only its answer is lost."""
    wait_s: float = 0
    drops: bool = False
    """Hang up without an answer."""
    only_for: str = ""
    """Only scores of this person."""
    happened: int = field(default=0, init=False)


def _kind(request: Request) -> str:
    for end, kind in (
        ("/token", "token"),
        ("/scores", "score"),
        ("/results", "results"),
        ("/lineitems", "columns"),
    ):
        if request.path.endswith(end):
            return kind
    return "other"


class GradedPlatform:
    """A running demo platform."""

    def __init__(self, state_dir: Path, keys_dir: Path) -> None:
        self._keys_dir, self.state_dir = keys_dir, state_dir
        self._lock = threading.Lock()
        self.troubles: list[Trouble] = []
        self.server = make_server("127.0.0.1", 0, self, threaded=True, request_handler=Quiet)
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        self.app = platform_app(state_dir, f"{self.url}/tool", self.url)
        self._parts = self.app.extensions["demo_platform"]
        self._own_columns = self._parts.gradebook.list_items("2")

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        request = Request(environ)
        if request.path == "/tool/lti/jwks.json":
            keys = json.dumps(published_keys(self._keys_dir))
            return Response(keys, mimetype="application/json")(environ, start_response)
        body = request.get_data()
        environ["wsgi.input"] = io.BytesIO(body)
        trouble = self._next_trouble(_kind(request), body)
        if trouble is None:
            return self.app(environ, start_response)
        own = None
        if trouble.passes_on:
            own = Response.from_app(self.app, environ, buffered=True)
        time.sleep(trouble.wait_s)
        if trouble.drops:
            environ["werkzeug.socket"].shutdown(socket.SHUT_RDWR)
            return [b""]
        if trouble.answer is not None:
            return trouble.answer()(environ, start_response)
        return (own or self.app)(environ, start_response)

    def _next_trouble(self, kind: str, body: bytes) -> Trouble | None:
        with self._lock:
            for trouble in self.troubles:
                whose = f'"userId": "{trouble.only_for}"' if trouble.only_for else ""
                is_meant = trouble.kind in (kind, "any") and whose.encode() in body
                if is_meant and trouble.happened < trouble.times:
                    trouble.happened += 1
                    return trouble
        return None

    def trouble(self, kind: str, **values: Any) -> Trouble:
        """Let the next requests of a kind meet trouble."""
        self.troubles.append(Trouble(kind, **values))
        return self.troubles[-1]

    def registration(self) -> dict[str, Any]:
        """The values that register the tool."""
        return dict(registration_values(self.url))

    def set(self, **switches: Any) -> None:
        """Turn the platform's own switches."""
        self._parts.switches.set(switches)

    def forget_tokens(self) -> None:
        """Every token given is good no more."""
        self._parts.store.forget_tokens()

    def reset(self) -> None:
        """As on the first day: no grades, only the columns of its own links."""
        with self._lock:
            self.troubles.clear()
        self._parts.switches.reset()
        with self._parts.store.change() as db:
            for table in ("grade", "record", "token", "assertion"):
                db.execute(f"DELETE FROM {table}")
            db.execute("DELETE FROM line_item WHERE coupled_link_id IS NULL")
            for item in self._own_columns:
                db.execute(
                    "UPDATE line_item SET label = ?, maximum = ? WHERE id = ?",
                    (item.label, item.maximum, item.id),
                )

    def columns_url(self, course: str = "2") -> str:
        """Where a course's columns are listed and made."""
        return f"{self.url}/mod/lti/services/{course}/lineitems?type_id=1"

    def column_url(self, item_id: int = 1, course: str = "2") -> str:
        """A column's address; 1 is that of the course's first link."""
        return f"{self.url}/mod/lti/services/{course}/lineitems/{item_id}/lineitem?type_id=1"

    def add_column(self, maximum: float = 100, course: str = "2") -> str:
        """Make another column; its address."""
        values = {
            "label": "Another",
            "maximum": maximum,
            "resource_id": "",
            "tag": "",
            "resource_link_id": None,
        }
        item = self._parts.gradebook.add_item(course, values)
        return self.column_url(item.id, course)

    def delete_column(self, url: str) -> None:
        """Delete a column by its address."""
        item = self._parts.gradebook.find_item("2", self.item_id(url))
        self._parts.gradebook.delete_item(item)

    def add_activity(self, link: str = "1") -> tuple[str, str]:
        """Another activity like this one, with a column of its own: its id and the address."""
        courses, book = self._parts.courses, self._parts.gradebook
        added = courses.add_link(courses.find_link(link))
        book.add_coupled(added)
        return added.id, self.column_url(book.find_only_item(added).id)

    def delete_activity(self, link: str) -> None:
        """A tutor deletes an activity on the course page, as in Moodle."""
        client = self.app.test_client()
        client.post("/sign-in", data={"person": "3"})
        key = re.search(r'name="sesskey" value="(\w+)"', client.get("/course?id=2").text)
        assert key is not None
        answer = client.post("/mod/lti/delete", data={"sesskey": key[1], "course": "2", "id": link})
        assert answer.status_code == 303, answer.text

    def columns_of_link(self, link: str) -> list[Any]:
        """The columns that belong to a link."""
        return list(self._parts.gradebook.list_items("2", resource_link_id=link))

    @staticmethod
    def item_id(url: str) -> int:
        """The platform's number of a column."""
        return int(url.split("/lineitems/")[1].split("/")[0])

    def shown(self, url: str, sub: str) -> Any:
        """What the gradebook holds for a person in a column, or None."""
        item_id = self.item_id(url)
        for grade in self._parts.gradebook.list_grades():
            if grade.item_id == item_id and grade.user_id == sub:
                return grade
        return None

    def type_in(self, url: str, sub: str, mark: float, at: int) -> None:
        """A tutor types a mark into the gradebook itself."""
        from lti_tool.demo_platform.gradebook import TypedGrade

        item = self._parts.gradebook.find_item("2", self.item_id(url))
        self._parts.gradebook.override(item, TypedGrade(sub, mark, None, "Dr Helen Marsh", at))

    def score_from_elsewhere(self, url: str, sub: str, mark: float, at: int) -> None:
        """Another mark is put in, which is no override: the platform's own, or another tool's."""
        self.type_in(url, sub, mark, at)
        with self._parts.store.change() as db:
            db.execute("UPDATE grade SET overridden = 0 WHERE user_id = ?", (sub,))

    def asked(self, kind: str) -> list[dict[str, Any]]:
        """What was asked and answered, in order: `token`, `score` or `service`."""
        return list(self._parts.store.list_records(kind))

    def taken(self) -> list[dict[str, Any]]:
        """Scores that were taken, in order."""
        return [one for one in self.asked("score") if one["status"] == 200]


@contextmanager
def graded_platform(state_dir: Path, keys_dir: Path) -> Iterator[GradedPlatform]:
    """A platform for as long as the block runs."""
    platform = GradedPlatform(state_dir, keys_dir)
    with serving(platform.server):
        yield platform
