"""What the made-up participants of the cohort do: bring in a map, write, plan, hand in.

Each piece differs by the person's number, so that a marker has something to tell apart: how
many rows the map has, how much is written, which judgements are chosen.
"""

from pathlib import Path

from lti_tool.demo_platform.cohort.walker import Page, Walker, enter
from lti_tool.demo_platform.people import Person

_HERE = Path(__file__).parent
_HEADINGS, *_ROWS = (_HERE / "provisions.txt").read_text("utf-8").splitlines()
_SENTENCES = (_HERE / "sentences.txt").read_text("utf-8").splitlines()
_PLAN = {
    "action": "Move two one-to-one programmes into groups of three and keep entry and exit scores.",
    "success": "Scores at entry and exit for nine pupils in ten by the end of the term.",
    "owner": "SENCo with the phase leader",
    "by": "2027-03-26",
}


def _map_of(number: int) -> bytes:
    count = 5 + number % 7
    rows = [_ROWS[(number + step) % len(_ROWS)] for step in range(count)]
    return "\n".join([_HEADINGS, *rows]).encode()


def _text(number: int, place: int) -> str:
    length = 1 + (number * 3 + place) % 5
    return " ".join(_SENTENCES[(number + place + step) % len(_SENTENCES)] for step in range(length))


def _bring_in(walker: Walker, visit: str, number: int) -> None:
    page = walker.open(f"{visit}/map/bring-in")
    form = page.form_with("csrf_token", has_file=True)
    file = {"file": (f"provision-map-{number}.csv", _map_of(number))}
    seen = walker.send(page, form, [], file)
    walker.send(seen, seen.form_with("file_data"), [("act", "keep")])


def _write(walker: Walker, visit: str, number: int) -> None:
    page = walker.open(f"{visit}/writing")
    form = page.form_with("revision", "evidence-context")
    changes = [
        (name, _text(number, place))
        for place, name in enumerate(form.texts)
        if (number + place) % 9  # not everybody writes everything
    ]
    for place, (name, values) in enumerate(form.choices.items()):
        changes.append((name, values[(number + place) % len(values)]))
    walker.send(page, form, changes)


def _plan(walker: Walker, visit: str, number: int) -> None:
    page = walker.open(f"{visit}/plan")
    form = page.form_with("action-1")
    changes = [
        (f"{name}-{line}", value)
        for line in range(1, 2 + number % 3)
        for name, value in _PLAN.items()
    ]
    walker.send(page, form, changes)


def _hand_in(walker: Walker, visit: str) -> Page:
    page = walker.open(f"{visit}/hand-in")
    form = page.form_with("declaration")
    return walker.send(page, form, [("declaration", key) for key in form.choices["declaration"]])


def hand_in_as(person: Person, link_id: str, platform_url: str) -> None:
    """Sign in as this person, open the link, do the work and hand it in.

    :raises Stuck: a page was not what it should be.
    """
    walker, number = Walker(), int(person.id)
    visit = f"{enter(walker, person, link_id, platform_url)}/audit"
    _bring_in(walker, visit, number)
    _write(walker, visit, number)
    _plan(walker, visit, number)
    _hand_in(walker, visit)
