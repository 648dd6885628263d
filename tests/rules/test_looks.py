"""The look at every page finds what it is there for, and misses no address."""

import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from tests.looks.__main__ import ONLY_LEADS_ON, list_undrawn
from tests.looks.keeping import FILE, GOOD, NO_ENTRY, PAGE, REFUSED, Keeper, Kept, read_kept
from tests.looks.looking import look
from tests.support.visiting import make_world

WELL = """<!doctype html><html lang="en-GB"><head><title>Your work</title>
<link rel="icon" href="data:,"></head>
<body><main><h1>Your work</h1>{}</main></body></html>"""
POLICY = (
    "default-src 'none'; script-src 'self'; img-src 'self' data:; style-src 'self' 'unsafe-inline'"
)


def _kept(html: str = WELL.format("<p>One row.</p>"), **changes: str) -> Kept:
    page = Kept("marking.queue", "GET", GOOD, PAGE, "test_it", POLICY, html)
    return replace(page, **changes)  # type: ignore[arg-type]


@pytest.mark.browser
def test_each_kind_of_fault_is_found_and_a_page_that_is_well_is_not_blamed() -> None:
    faults = {
        "image-alt": '<img src="data:,">',
        "color-contrast": '<p style="color: #bbb; background: #fff">Too pale to read.</p>',
        "1008 pixels wider than 374": '<p style="width: 1374px">A long row.</p>',
        "links run together: Take attendance|Change": "<a href='/a'>Take attendance</a>"
        "<a href='/b'>Change</a>",
        "asks another host": '<img alt="" src="http://elsewhere.example/a.png">',
        "/assets/1/none.css": '<link rel="stylesheet" href="/assets/1/none.css">',
    }
    pages = [_kept(), *(_kept(WELL.format(one)) for one in faults.values()), _kept()]
    found = look(pages)
    assert [page for page, _ in found] == pages[1:-1]
    for (_, wrong), said in zip(found, faults, strict=True):
        assert any(said in one for one in wrong), (said, wrong)


def test_the_fullest_page_of_each_kind_is_kept_whoever_drew_it(tmp_path: Path) -> None:
    world = make_world(tmp_path)
    keepers = Keeper(), Keeper()
    client, tutor = world.app.test_client(), world.let_in("3", "tutor")
    for keeper, paths in zip(keepers, (("/", "/"), ("/healthz", "/nowhere")), strict=True):
        for path in paths:
            keeper.note(client, client.get(path, base_url="https://tool.example"))
    keepers[1].note(client, tutor.get("marking/"))
    world.let_in("5", "participant").get("audit/")
    keepers[1].note(client, tutor.get("people/"))
    for number, keeper in enumerate(keepers):
        keeper.write_to(tmp_path / "pages" / f"{number}.json")
    kept = read_kept(tmp_path / "pages")
    kinds = {(one.endpoint, one.outcome, one.what) for one in kept.values()}
    assert kinds == {
        ("pages.front", GOOD, PAGE),
        ("health.healthz", GOOD, FILE),
        ("nowhere", NO_ENTRY, PAGE),
        ("marking.queue", GOOD, PAGE),
        ("participants.people", GOOD, PAGE),
    }


def test_between_two_pages_the_fuller_is_kept_but_none_of_hundreds_of_rows() -> None:
    bare, full, huge = _kept(), _kept("x" * 9_000), _kept("x" * 900_000)
    assert bare.fullness < full.fullness and huge.fullness < bare.fullness
    assert bare.kind == full.kind != _kept(outcome=REFUSED).kind


def test_an_address_of_which_nobody_drew_a_page_is_named(tmp_path: Path) -> None:
    undrawn = list_undrawn({_kept().kind: _kept()})
    assert "marking.work /v/<handle>/marking/<int:assignment_id>/<code>" in undrawn
    assert not any(one.startswith("marking.queue ") for one in undrawn)
    assert not {one.split()[0] for one in undrawn} & set(ONLY_LEADS_ON)
    assert set(ONLY_LEADS_ON) < set(make_world(tmp_path).app.view_functions), "no address that went"
    refused = _kept(endpoint="marking.work", outcome=REFUSED)
    assert any(one.startswith("marking.work ") for one in list_undrawn({refused.kind: refused}))


def test_what_a_process_of_a_run_kept_is_written_before_it_ends(tmp_path: Path) -> None:
    """A process that is slow to end is ended, after five seconds, and here at once."""
    (tmp_path / "conftest.py").write_text(
        "import os\n\n"
        "def pytest_unconfigure(config):\n"
        "    if hasattr(config, 'workerinput'):\n"
        "        os._exit(1)\n"
    )
    (tmp_path / "test_it.py").write_text(
        "from tests.support.visiting import make_world\n\n"
        "def test_it(tmp_path):\n"
        "    make_world(tmp_path).app.test_client().get('/', base_url='https://tool.example')\n"
    )
    plugins = ("-n", "1", "-p", "tests.looks.keeping", "--keep-pages", "pages", "-q")
    ran = subprocess.run(
        [sys.executable, "-m", "pytest", *plugins, "--rootdir", ".", "test_it.py"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])},
        capture_output=True,
        text=True,
    )
    assert "1 passed" in ran.stdout, ran.stdout + ran.stderr
    assert ("pages.front", "GET", GOOD, PAGE) in read_kept(tmp_path / "pages")
