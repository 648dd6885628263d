"""Keeps the fullest page of each kind that the tests draw: a plugin of pytest.

`pytest -p tests.looks.keeping --keep-pages FOLDER`. Each process of a run writes one file there.
"""

import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect
from werkzeug.test import TestResponse

from lti_tool.web.addresses import Tool

PAGE, FILE = "page", "file"
_FULL_ENOUGH = 150_000
"""Characters. A page of hundreds of rows shows no more than one of ten, and axe takes minutes."""
GOOD, REFUSED, NO_ENTRY = "good", "refused", "no entry"
_OUTCOMES = {
    200: GOOD,
    **dict.fromkeys((400, 409, 413, 422), REFUSED),
    **dict.fromkeys((401, 403, 404, 429), NO_ENTRY),
}


@dataclass(frozen=True)
class Kept:
    """An answer of the tool."""

    endpoint: str
    method: str
    outcome: str
    what: str
    """`PAGE`, or `FILE` for anything else that was handed over, a piece of a page included."""
    test: str
    policy: str
    """The content security policy it came with."""
    html: str

    @property
    def kind(self) -> tuple[str, ...]:
        """Of one kind are the good answers of an address, and its refusals; being let in nowhere
        looks the same everywhere."""
        if self.outcome == NO_ENTRY:
            return (NO_ENTRY,)
        return (self.endpoint, self.method, self.outcome, self.what)

    @property
    def fullness(self) -> tuple[bool, int]:
        """By which two of a kind are compared."""
        return len(self.html) <= _FULL_ENOUGH, len(self.html)


def keep_fuller(kept: dict[tuple[str, ...], Kept], one: Kept) -> None:
    """Keep an answer in place of a barer one of its kind."""
    before = kept.get(one.kind)
    if before is None or one.fullness > before.fullness:
        kept[one.kind] = one


def read_kept(folder: Path) -> dict[tuple[str, ...], Kept]:
    """What every process of a run kept.

    :raises FileNotFoundError: nothing was kept there.
    """
    files = sorted(folder.glob("*.json"))
    if not files:
        raise FileNotFoundError(folder)
    kept: dict[tuple[str, ...], Kept] = {}
    for file in files:
        for one in json.loads(file.read_text("utf-8")):
            keep_fuller(kept, Kept(**one))
    return kept


class Keeper:
    """Notes what every test client of this process is answered."""

    def __init__(self) -> None:
        self.kept: dict[tuple[str, ...], Kept] = {}

    def note(self, client: FlaskClient, answer: TestResponse) -> None:
        """Keep an answer of the tool where it is the fullest of its kind so far."""
        outcome = _OUTCOMES.get(answer.status_code)
        method = answer.request.environ["REQUEST_METHOD"]
        if not isinstance(client.application, Tool) or outcome is None or method == "HEAD":
            return
        html = answer.get_data(as_text=True) if answer.mimetype == "text/html" else ""
        is_page = html.lstrip()[:9].lower() == "<!doctype"
        one = Kept(
            _endpoint(client.application, answer.request.path, method),
            method,
            outcome,
            PAGE if is_page else FILE,
            os.environ.get("PYTEST_CURRENT_TEST", "").removesuffix(" (call)"),
            answer.headers.get("Content-Security-Policy", ""),
            html if is_page else "",
        )
        keep_fuller(self.kept, one)

    def write_to(self, path: Path) -> None:
        """Write down what was kept, for `read_kept`."""
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps([asdict(one) for one in self.kept.values()]), "utf-8")


class AtTheEnd:
    """Writes what a process kept while its run still waits for it.

    After a process of pytest-xdist has said that it is finished it is given five seconds, is
    interrupted, and is ended: what it writes then may be lost.
    """

    def __init__(self, keeper: Keeper, path: Path) -> None:
        self._keeper, self._path = keeper, path

    def pytest_sessionfinish(self) -> None:
        """Before the process says that it is finished."""
        self._keeper.write_to(self._path)


def _endpoint(app: Tool, path: str, method: str) -> str:
    try:
        endpoint, _ = app.url_map.bind("tool").match(path, method=method)
    except RequestRedirect:
        return "moved"
    except HTTPException:
        return "nowhere"
    return str(endpoint)


def pytest_addoption(parser: pytest.Parser) -> None:
    """Where to keep them."""
    parser.addoption("--keep-pages", type=Path, metavar="FOLDER", required=True)


def pytest_configure(config: pytest.Config) -> None:
    """From now on every test client tells what it was answered."""
    keeper, folder = Keeper(), config.getoption("keep_pages")
    ask = FlaskClient.open

    def open(self: FlaskClient, *given: Any, **named: Any) -> TestResponse:
        answer = ask(self, *given, **named)
        keeper.note(self, answer)
        return answer

    FlaskClient.open = open  # type: ignore[method-assign]
    config.pluginmanager.register(AtTheEnd(keeper, folder / f"{os.getpid()}.json"))
