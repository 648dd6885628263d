"""Every piece of the face, drawn by a small app of the test's own and looked at in a real browser.

The app knows nothing of visits, people or the database: it hands the templates what they ask for.
Pages have to parse as strict HTML, pass axe in every display setting and both sizes of Moodle's
frame, keep to the content policy, and stay within the width of a phone.
"""

from __future__ import annotations

import gzip
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

import html5lib
import pytest
import wtforms
from flask import Flask, Response, jsonify, render_template_string, request
from playwright.sync_api import Browser, Page, Route, expect
from werkzeug.datastructures import MultiDict

import lti_tool
from lti_tool.web import display_menu, forms
from tests.support.axe import axe_findings
from tests.support.chromium import driving, ensure_chromium, switches
from tests.support.compiled import share_templates

WEB = Path(lti_tool.__file__).parent / "web"
CHROMIUM = ensure_chromium()
ORIGIN = "http://tool.test"
POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; "
    "font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'"
)
PHONE = {"width": 374, "height": 566}
DESKTOP = {"width": 905, "height": 654}
FIRST_PAGE_LIMIT = 60_000

FACE: dict[str, Any] = {
    "context_title": "National Award for SEN Coordination, 2026 to 2027",
    "assignment_title": "Provision map audit",
    "role_label": "Participant",
    "environment_label": "Demo",
    "nav": [
        {"label": "Your work", "url": "/v/x/", "current": True},
        {"label": "Guidance", "url": "/v/x/guidance", "current": False},
        {"label": "Marks and feedback", "url": "/v/x/feedback", "current": False},
    ],
    "display": {},
    "display_url": "/v/x/display",
    "here": "/v/x/",
    "csrf_token": "abc123",
    "full_width": {"action": "/full-width", "code": "one-time"},
    "trust_line": "Who can see this: you, your tutor, moderators. Not your school.",
    "visit_ends_at": "2999-01-01T16:40:00Z",
    "visit_ends_label": "16:40",
    "stay_url": "/v/x/stay",
    "footer_links": [
        {"label": "Privacy", "url": "/privacy"},
        {"label": "Accessibility", "url": "/accessibility"},
    ],
    "reference": "7KQ2-M4",
}
DISPLAY_KEYS = ("text_size", "spacing", "tint", "contrast")
TINTS = ["cream", "blue", "green", "pink"]
SETTINGS: list[dict[str, str]] = [
    {},
    {"contrast": "dark"},
    {"contrast": "high"},
    *({"tint": tint} for tint in TINTS),
    {"text_size": "larger", "spacing": "wide"},
    {"text_size": "large", "contrast": "dark", "tint": "cream"},
]


class Row(forms.Form):
    """One intervention, as a row of a table."""

    name = forms.Text("Intervention", required="Enter the name of the intervention.")
    cost = forms.Amount("Cost")


class Everything(forms.Form):
    """One of each field."""

    title = forms.Text(
        "Title of your audit", max_length=60, hint="As it should stand on the mark sheet."
    )
    reflection = forms.LongText("What did the audit show?", required="Write what the audit showed.")
    mark = forms.Mark("Mark")
    cost = forms.Amount("Cost this year")
    hours = forms.Whole("Hours a week", required=False)
    tier = forms.Choice("Tier", {"u": "Universal", "t": "Targeted", "s": "Specialist"})
    area = forms.Choice(
        "Broad area of need",
        [("ci", "Communication and interaction"), ("cl", "Cognition and learning")],
        as_list=True,
        required=False,
    )
    evidence = forms.Choices("Evidence seen", ["Lesson visit", "Pupil voice"], hint="Tick any.")
    due = forms.LocalDateTime("Hand in by")
    visit = forms.Day("Date of the visit", required=False)
    file = wtforms.FileField("Provision map", description="A spreadsheet, up to 5 MB.")
    agree = forms.Tick(
        "This is my own work", required="Tick the box to say that this is your work."
    )
    rows = wtforms.FieldList(wtforms.FormField(Row), min_entries=2)


WORK = """
{% extends "web/base.html" %}
{% import "web/macros.html" as ui %}
{% import "web/charts.html" as charts %}
{% block title %}Your provision map audit{% endblock %}
{% block lead %}<p>Check your school’s provision against need, cost and impact.</p>{% endblock %}
{% block content %}
{{ ui.back_link("All your work", "/v/x/") }}
{{ ui.progress_steps([{"label": "Import", "url": "/i"}, "Check", "Reflect", "Hand in"], 1) }}
<p class="buttons">{% for kind in ["neutral", "info", "success", "warning", "danger", "waiting"] %}
{{ ui.state_chip(kind|capitalize, kind) }} {% endfor %}</p>
{{ ui.summary_list([("Handed in", ui.moment("2026-11-14T16:00:00Z", "14 November 2026, 16:00")),
  ("Cost", ui.money(cost), "Change", "/c"), ("Mark", None)]) }}
<h2>What the map shows</h2>
{{ charts.bar_chart("by-tier", "Spending by tier", "Bars of spending.", [
  ("Universal", 1200, "£1,200"),
  ("Targeted support that several pupils share in a small group", 3400, "£3,400"),
  ("Specialist", 0, "£0")], unit="pounds") }}
{{ charts.heat_grid("coverage", "Coverage by area and tier",
  ["Communication and interaction", "Cognition and learning", "Social, emotional and mental health",
   "Sensory and/or physical"],
  ["Universal", "Targeted", "Specialist"],
  {(0, 0): (4, "4"), (0, 1): (2, "2"), (1, 0): (1, "1"), (1, 1): (3, "3"),
   (2, 2): (1, "1"), (3, 0): (2, "2")}) }}
{{ ui.data_table("Interventions by tier",
  ["Tier", "Interventions", "Pupils", "Hours a week", "Cost a year"], [
  ["Universal", 4, 120, "2.5", ui.money(cost)], ["Targeted", 6, 31, "11", ui.money(3400)],
  ["Specialist", 1, 1, "5", ui.money(None)]], numeric=[1, 2, 3, 4],
  foot=["All", 11, 152, "18.5", ui.money(4634.5)]) }}
{% call ui.details("How this is worked out") %}
<p>Hours times the hourly rate, over 38 weeks.</p>{% endcall %}
{% call ui.inset("warning") %}
<p>Two interventions have no baseline, so their impact cannot be judged.</p>{% endcall %}
{{ ui.empty_state("No visits yet", "Your placement visits will be listed here.",
  "Add a visit", "/add") }}
{% endblock %}
{% block aside %}<h2>Dates</h2><p>Hand in by 14 November 2026, 16:00.</p>{% endblock %}
"""

FORM = """
{% extends "web/base.html" %}
{% import "web/macros.html" as ui %}
{% block title %}Describe your audit{% endblock %}
{% block content %}
{{ ui.error_summary([form]) }}
<form method="post" action="/form" data-autosave-url="/autosave" novalidate>
{{ ui.csrf() }}<input type="hidden" name="revision" value="1">
{{ ui.field(form.title) }}
{{ ui.field(form.reflection, hint="Two or three sentences are enough.", rows=5) }}
{{ ui.field(form.mark, suffix="out of 100", width=5) }}
{{ ui.field(form.cost, prefix="£", width=10) }}
{{ ui.field(form.hours, width=3) }}
{{ ui.field(form.tier) }}{{ ui.field(form.area) }}{{ ui.field(form.evidence) }}
{{ ui.field(form.due) }}{{ ui.field(form.visit) }}{{ ui.field(form.file) }}
<div class="table-scroll" role="region" aria-label="Rows" tabindex="0">
<table class="table" data-rows>
<caption>Interventions</caption>
<thead><tr><th scope="col">Intervention</th><th scope="col">Cost</th></tr></thead><tbody>
{% for row in form.rows %}<tr><td>{{ ui.field(row.form.name, show_label=False) }}</td>
<td>{{ ui.field(row.form.cost, show_label=False, width=8) }}</td></tr>{% endfor %}
</tbody></table></div>
{{ ui.field(form.agree) }}
{% call ui.action_bar() %}{{ ui.button("Hand in", name="act", value="hand-in") }}
{{ ui.button("Save for later", "secondary") }} {{ ui.button("Delete", "danger") }}
{{ ui.link_button("Cancel", "/v/x/", "link") }}{{ ui.save_status() }}{% endcall %}
</form>
{% endblock %}
{% block scripts %}{{ ui.script("autosave.js") }}{{ ui.script("rows.js") }}{% endblock %}
"""


def make_app(saves: list[dict[str, list[str]]] | None = None) -> Flask:
    """Make the test's own app: the templates, the static files and the strict content policy."""
    app = Flask(__name__, template_folder=WEB / "templates", static_folder=WEB / "static")
    share_templates(app)
    app.jinja_env.globals["csrf_token"] = lambda: "abc123"
    app.jinja_env.globals["asset_url"] = lambda name: f"/static/{name}"
    display_menu.init_app(app)

    def face() -> dict[str, Any]:
        chosen = {key: request.args[key] for key in request.args if key in DISPLAY_KEYS}
        notices = [
            {"kind": kind, "text": f"A notice of the kind {kind}."}
            for kind in request.args.getlist("notice")
        ]
        return {**FACE, "display": chosen, "notices": notices}

    @app.get("/work")
    def work() -> str:
        return render_template_string(WORK, face=face(), cost=Decimal("1234.50"))

    @app.route("/form", methods=["GET", "POST"])
    def form() -> str:
        if request.method == "POST":
            filled = Everything(request.form)
            filled.validate()
            return render_template_string(FORM, face=face(), form=filled, has_errors=True)
        if "wrong" in request.args:
            filled = Everything(
                MultiDict({"mark": "lots", "cost": "1e9", "due": "2026-03-29T01:30"})
            )
            filled.validate()
            return render_template_string(FORM, face=face(), form=filled, has_errors=True)
        return render_template_string(FORM, face=face(), form=Everything())

    @app.get("/bare")
    def bare() -> str:
        return render_template_string(
            '{% extends "web/base.html" %}{% block title %}Bare{% endblock %}'
        )

    @app.get("/preview")
    def preview() -> str:
        return render_template_string(
            '{% extends "web/message.html" %}',
            face={**face(), "preview": True},
            title="Your work was handed in",
            text=["Your tutor can see it now.", "You will hear by 12 December."],
            links=[{"label": "See what you handed in", "url": "/v/x/copy"}],
        )

    @app.get("/refused")
    def refused() -> str:
        return render_template_string(
            '{% extends "web/error.html" %}',
            title="This link has been used already",
            what_happened="Each opening from Moodle works once, and this one was used before.",
            what_to_do=["Go back to your course and open the activity again."],
            reason_code="state-used",
            reference="7KQ2-M4",
            links=[
                {
                    "label": "Go back to your course",
                    "url": "https://moodle.test/course/view.php?id=2",
                }
            ],
        )

    @app.get("/ending")
    def ending() -> str:
        soon = {**face(), "visit_ends_at": request.args["at"], "display": {}}
        return render_template_string(
            '{% extends "web/message.html" %}', face=soon, title="Soon", text="x"
        )

    @app.post("/v/x/stay")
    def stay() -> Response:
        assert request.form["csrf_token"] == "abc123"
        return jsonify(visit_ends_at="2999-01-01T18:00:00Z", visit_ends_label="18:00")

    @app.post("/autosave")
    def autosave() -> tuple[Response, int]:
        if saves is not None:
            saves.append(request.form.to_dict(flat=False))
        if request.form.get("title") == "conflict":
            return jsonify(sentence="This was saved in another tab at 14:03."), 409
        if request.form.get("title") == "refuse":
            return jsonify(sentence="the date for handing in has passed."), 422
        return jsonify(saved_at_label="14:05", revision=int(request.form["revision"]) + 1), 200

    @app.after_request
    def secure(response: Response) -> Response:
        response.headers["Content-Security-Policy"] = POLICY
        return response

    return app


ALL_NOTICES = "/work?notice=success&notice=info&notice=warning&notice=danger"
PAGES = ["/work", "/form", "/form?wrong=1", "/bare", "/preview", "/refused", ALL_NOTICES]


class Screen:
    """Pages in a real browser, answered by the test's app without a socket."""

    def __init__(self, browser: Browser) -> None:
        self.browser = browser
        self.saves: list[dict[str, list[str]]] = []
        self.client = make_app(self.saves).test_client()
        self.troubles: list[str] = []
        self.offline = False
        self.opened: list[Any] = []

    def page(self, size: dict[str, int], **options: Any) -> Page:
        """Open an empty page of a given size; anything the console complains of is kept."""
        context = self.browser.new_context(viewport=size, locale="en-GB", **options)  # type: ignore[arg-type]
        self.opened.append(context)
        context.route("**/*", self._answer)
        page = context.new_page()
        page.set_default_timeout(10_000)
        page.on("pageerror", lambda error: self.troubles.append(str(error)))
        page.on(
            "console",
            lambda said: self.troubles.append(said.text) if said.type == "error" else None,
        )
        return page

    def _answer(self, route: Route) -> None:
        asked = route.request
        address = urlsplit(asked.url)
        if f"{address.scheme}://{address.netloc}" != ORIGIN:
            self.troubles.append(f"asked another host: {asked.url}")
            route.abort()
            return
        if self.offline:
            route.abort()
            return
        answer = self.client.open(
            address.path + (f"?{address.query}" if address.query else ""),
            method=asked.method,
            data=asked.post_data_buffer,
            headers={"Content-Type": asked.headers.get("content-type", "")},
        )
        route.fulfill(status=answer.status_code, headers=dict(answer.headers), body=answer.data)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Start one Chromium for the module: the system's, else Playwright's own."""
    with driving() as playwright:
        started = playwright.chromium.launch(executable_path=CHROMIUM, args=switches())
        yield started
        started.close()


@pytest.fixture
def screen(browser: Browser) -> Iterator[Screen]:
    """Give a screen, and close what was opened on it."""
    made = Screen(browser)
    yield made
    for context in made.opened:
        context.close()


def _no_violations(page: Page) -> None:
    assert axe_findings(page) == []


def _no_sideways_scroll(page: Page) -> None:
    assert page.evaluate("document.documentElement.scrollWidth - window.innerWidth") <= 0


def _open_without(page: Page, path: str, script: str) -> list[Route]:
    """Open a page while one of its scripts is still on its way; `[0].fallback()` has it arrive."""
    held: list[Route] = []
    page.route(f"**/{script}", lambda route: held.append(route))
    with page.expect_request(f"**/{script}"):
        page.goto(ORIGIN + path, wait_until="commit")
    return held


def _focused(page: Page) -> str:
    return str(page.evaluate("document.activeElement.id || document.activeElement.className"))


@pytest.mark.parametrize("path", PAGES)
def test_every_page_is_strict_html_within_the_policy(path: str) -> None:
    text = make_app().test_client().get(path).text
    html5lib.HTMLParser(strict=True).parse(text)
    assert len(re.findall(r"<h1", text)) == 1
    assert not re.search(r"\sstyle\s*=", text)
    assert not re.search(r"\son[a-z]+\s*=", text)
    assert "<style" not in text
    assert not re.search(r"<script(?![^>]*\bsrc=)", text)
    ids = re.findall(r"\sid=\"([^\"]+)\"", text)
    assert len(ids) == len(set(ids))
    for attribute in ("for", "aria-labelledby", "aria-describedby"):
        for names in re.findall(rf"\s{attribute}=\"([^\"]+)\"", text):
            assert set(names.split()) <= set(ids)


def test_a_refusal_holds_no_form_and_no_script() -> None:
    text = make_app().test_client().get("/refused").text
    assert "<form" not in text
    assert "<script" not in text
    assert "state-used" in text
    assert "7KQ2-M4" in text


def test_the_title_says_when_there_is_an_error() -> None:
    client = make_app().test_client()
    assert "<title>Describe your audit – SENCo training</title>" in client.get("/form").text
    wrong = client.get("/form?wrong=1").text
    assert "<title>Error: Describe your audit – SENCo training</title>" in wrong


def test_a_page_without_a_face_still_stands() -> None:
    text = make_app().test_client().get("/bare").text
    assert "<h1>Bare</h1>" in text
    assert "Display" not in text
    assert "<form" not in text


def test_text_from_people_is_escaped_everywhere() -> None:
    nasty = "<img src=x onerror=alert(1)>\"'"
    app = make_app()
    with app.test_request_context():
        text = render_template_string(
            """{% import "web/macros.html" as ui %}{% import "web/charts.html" as charts %}
            {{ ui.state_chip(n, "info") }}{{ ui.button(n, value=n) }}{{ ui.link_button(n, n) }}
            {{ ui.summary_list([(n, n, n, n)]) }}{{ ui.data_table(n, [n], [[n]]) }}
            {{ ui.error_summary([(n, n)]) }}{{ ui.progress_steps([n], 0) }}
            {{ ui.empty_state(n, n, n, n) }}
            {{ charts.bar_chart("a", n, n, [(n, 1, n)]) }}
            {{ charts.heat_grid("b", n, [n], [n], {(0, 0): (1, n)}) }}""",
            n=nasty,
        )
    assert "<img" not in text
    assert "\"'" not in text


def test_the_first_page_is_light() -> None:
    client = make_app().test_client()
    text = client.get("/work").text
    sent = len(gzip.compress(text.encode()))
    for name in re.findall(r"(?:href|src)=\"/static/([^\"]+)\"", text):
        sent += len(gzip.compress((WEB / "static" / name).read_bytes()))
    assert sent < FIRST_PAGE_LIMIT


@pytest.mark.parametrize("name", ["timeout", "autosave", "kept-text", "error-focus", "rows"])
def test_scripts_stay_small(name: str) -> None:
    assert len((WEB / "static" / f"{name}.js").read_text().splitlines()) < 125


@pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desktop"])
@pytest.mark.parametrize(
    "setting", SETTINGS, ids=lambda chosen: "-".join(chosen.values()) or "plain"
)
def test_every_display_setting_passes_axe_and_fits(
    screen: Screen, size: dict[str, int], setting: dict[str, str]
) -> None:
    page = screen.page(size)
    for path in ("/work?notice=success&notice=danger", "/form?wrong=1"):
        page.goto(f"{ORIGIN}{path}&{urlencode(setting)}")
        _no_violations(page)
        _no_sideways_scroll(page)
    assert not screen.troubles


@pytest.mark.parametrize("path", PAGES)
def test_every_page_passes_axe_at_320_pixels(screen: Screen, path: str) -> None:
    page = screen.page({"width": 320, "height": 566})
    page.goto(ORIGIN + path)
    for menu in page.locator("details > summary").all():
        menu.click()
    _no_violations(page)
    _no_sideways_scroll(page)
    assert not screen.troubles


def test_the_keyboard_reaches_everything_and_always_shows_where_it_is(screen: Screen) -> None:
    page = screen.page(PHONE)
    page.goto(f"{ORIGIN}/form")
    wanted = page.evaluate(
        """[...document.querySelectorAll('a[href], button, input:not([type=hidden]), select, '
        + 'textarea, summary, [tabindex="0"]')].filter(e => e.checkVisibility()
        && e.type !== 'radio').length"""
    )
    seen: set[str] = set()
    hidden: list[str] = []
    for _ in range(120):
        page.keyboard.press("Tab")
        found = page.evaluate(
            """() => { const e = document.activeElement; if (e === document.body) return null;
            const r = e.getBoundingClientRect(), s = getComputedStyle(e);
            const bar = document.querySelector('.action-bar');
            const low = bar && !bar.contains(e) && !e.closest('.foot')
              ? bar.getBoundingClientRect().top : innerHeight;
            e.dataset.seen = e.dataset.seen || Math.random();
            return {key: e.dataset.seen, radio: e.type === 'radio', html: e.outerHTML.slice(0, 120),
              covered: r.top >= low || r.bottom <= 0, ring: parseFloat(s.outlineWidth)}; }"""
        )
        if found is None:
            break
        if not found["radio"]:
            seen.add(found["key"])
        if found["covered"] or found["ring"] < 3:
            hidden.append(found["html"])
    assert not hidden
    assert len(seen) == wanted


def test_the_skip_link_goes_to_the_main_part(screen: Screen) -> None:
    page = screen.page(PHONE)
    page.goto(f"{ORIGIN}/work")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the main part of this page")).to_be_focused()
    page.keyboard.press("Enter")
    assert _focused(page) == "main"


def test_errors_take_the_focus_and_lead_to_their_fields(screen: Screen) -> None:
    page = screen.page(PHONE)
    page.goto(f"{ORIGIN}/form?wrong=1")
    assert _focused(page) == "error-summary"
    page.get_by_role("link", name="Enter a mark in figures").click()
    assert _focused(page) == "mark"
    field = page.locator("#mark")
    expect(field).to_have_attribute("aria-invalid", "true")
    expect(field).to_have_accessible_description(re.compile("Error: .*Enter a mark.*out of 100"))
    expect(field).to_have_value("lots")
    page.get_by_role("link", name="Choose an answer for “Tier”").click()
    assert _focused(page) == "tier-0"
    expect(page.get_by_role("group", name="Tier")).to_have_accessible_description(
        re.compile("Error: ")
    )


def test_the_form_is_sent_without_javascript(screen: Screen) -> None:
    page = screen.page(PHONE, java_script_enabled=False)
    page.goto(f"{ORIGIN}/form")
    page.get_by_label("Mark", exact=True).fill("101")
    page.get_by_role("button", name="Hand in").click()
    expect(page.get_by_role("alert")).to_contain_text("Enter a mark from 0 to 100.")
    expect(page.get_by_label("Mark", exact=True)).to_have_value("101")
    page.locator("summary", has_text="Display").click()
    expect(page.get_by_role("button", name="Use these settings")).to_be_visible()


def test_fingers_have_room(screen: Screen) -> None:
    page = screen.page(PHONE, has_touch=True, is_mobile=True)
    page.goto(f"{ORIGIN}/form")
    small = page.evaluate(
        """[...document.querySelectorAll('.btn, .tool, .form-control, .form-select, .form-check, '
        + '.bar-nav a')].filter(e => e.checkVisibility() && e.getBoundingClientRect().height < 43.5)
        .map(e => e.outerHTML.slice(0, 100))"""
    )
    assert not small


@pytest.mark.parametrize("contrast", ["light", "dark", "high"])
def test_print_is_black_on_white_without_the_controls(screen: Screen, contrast: str) -> None:
    page = screen.page(DESKTOP)
    page.emulate_media(media="print")
    page.goto(f"{ORIGIN}/work?contrast={contrast}&text_size=larger")
    expect(page.get_by_role("navigation", name="Pages")).to_be_hidden()
    expect(page.get_by_text("Full width")).to_be_hidden()
    expect(page.get_by_role("link", name="Add a visit")).to_be_hidden()
    expect(page.get_by_text("Warning", exact=True)).to_be_visible()
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    assert page.evaluate("getComputedStyle(document.body).color") == "rgb(0, 0, 0)"


def test_forced_colours_keep_the_figures(screen: Screen) -> None:
    page = screen.page(PHONE, forced_colors="active")
    page.goto(f"{ORIGIN}/work")
    _no_violations(page)
    expect(page.get_by_role("img", name="Spending by tier")).to_be_visible()


def test_autosave_saves_and_carries_the_revision(screen: Screen) -> None:
    page = screen.page(PHONE)
    page.goto(f"{ORIGIN}/form")
    page.get_by_label("Title of your audit").fill("First")
    status = page.locator("[data-save-status]")
    expect(status).to_have_text("Saved 14:05")
    page.get_by_label("What did the audit show?").fill("Much.")
    page.get_by_label("Mark", exact=True).focus()
    expect(page.locator("input[name=revision]")).to_have_value("3")
    assert [save["revision"] for save in screen.saves] == [["1"], ["2"]]
    assert screen.saves[1]["csrf_token"] == ["abc123"]
    assert not screen.troubles


def test_what_is_typed_before_the_script_has_come_is_saved(screen: Screen) -> None:
    page = screen.page(PHONE)
    late = _open_without(page, "/form", "autosave.js")
    page.get_by_label("Title of your audit").fill("First")
    page.get_by_label("Targeted").check()
    page.get_by_label("Broad area of need").select_option("cl")
    late[0].fallback()
    expect(page.locator("[data-save-status]")).to_have_text("Saved 14:05")
    (save,) = screen.saves
    assert (save["title"], save["tier"], save["area"]) == (["First"], ["t"], ["cl"])


def test_a_page_as_it_was_sent_is_not_saved(screen: Screen) -> None:
    page = screen.page(PHONE)
    for path in ("/form", "/form?wrong=1"):
        page.goto(ORIGIN + path)
        page.get_by_label("Title of your audit").focus()
        page.get_by_label("Mark", exact=True).focus()
        assert page.evaluate("dispatchEvent(new Event('beforeunload', {cancelable: true}))")
    assert not screen.saves


def test_text_put_back_by_the_browser_is_saved_on_its_own_revision(screen: Screen) -> None:
    page = screen.page(PHONE)
    page.goto(f"{ORIGIN}/form")
    page.get_by_label("Title of your audit").fill("First")
    expect(page.locator("input[name=revision]")).to_have_value("2")
    page.goto(f"{ORIGIN}/bare")
    page.go_back()
    expect(page.get_by_label("Title of your audit")).to_have_value("First")
    expect(page.locator("[data-save-status]")).to_have_text("Saved 14:05")
    assert [save["revision"] for save in screen.saves] == [["1"], ["2"]]


def test_errors_do_not_take_the_focus_from_somebody_who_types(screen: Screen) -> None:
    page = screen.page(PHONE)
    late = _open_without(page, "/form?wrong=1", "error-focus.js")
    page.get_by_label("Title of your audit").press("F")
    late[0].fallback()
    page.wait_for_load_state()
    page.keyboard.press("i")
    expect(page.get_by_label("Title of your audit")).to_have_value("Fi")


def test_autosave_says_when_there_is_no_connection(screen: Screen) -> None:
    page = screen.page(PHONE)
    page.goto(f"{ORIGIN}/form")
    screen.offline = True
    page.get_by_label("Title of your audit").fill("First")
    status = page.locator("[data-save-status]")
    expect(status).to_have_text("Not saved: no connection. What you typed is still on this page.")
    screen.offline = False
    page.evaluate("window.dispatchEvent(new Event('online'))")
    expect(status).to_have_text("Saved 14:05")


def test_a_refused_autosave_says_why(screen: Screen) -> None:
    page = screen.page(PHONE)
    page.goto(f"{ORIGIN}/form")
    page.get_by_label("Title of your audit").fill("refuse")
    expect(page.locator("[data-save-status]")).to_contain_text("the date for handing in has passed")


def test_a_conflict_keeps_what_was_typed(screen: Screen) -> None:
    page = screen.page(PHONE)
    page.goto(f"{ORIGIN}/form")
    page.get_by_label("What did the audit show?").fill("My own words.")
    page.get_by_label("Title of your audit").fill("conflict")
    expect(page.locator("[data-save-status]")).to_contain_text("saved in another tab at 14:03")
    page.get_by_role("button", name="Load the newer version").click()
    kept = page.get_by_role("region", name="What you had typed")
    expect(kept.get_by_label("What did the audit show?")).to_have_value("My own words.")
    _no_violations(page)


def test_a_visit_about_to_end_can_be_kept(screen: Screen) -> None:
    soon = (datetime.now(UTC) + timedelta(minutes=5)).strftime("%Y-%m-%dT%H:%M:%SZ")
    page = screen.page(PHONE)
    page.goto(f"{ORIGIN}/ending?at={soon}")
    banner = page.get_by_role("region", name="Time left")
    expect(banner).to_contain_text("signs you out at")
    _no_violations(page)
    banner.get_by_role("button", name="Stay signed in").press("Enter")
    expect(banner).to_be_hidden()
    assert _focused(page) == "main"
    expect(page.locator("[data-visit-ends-label]")).to_have_text("18:00")
    assert not screen.troubles


def test_enter_goes_down_a_table_of_fields(screen: Screen) -> None:
    page = screen.page(DESKTOP)
    page.goto(f"{ORIGIN}/form")
    page.locator("#rows-0-cost").press("Enter")
    assert _focused(page) == "rows-1-cost"


class Twice(forms.Form):
    """Two fields that can have the same wrong."""

    support = forms.Whole("SEN support")
    plan = forms.Whole("EHC plan")


@pytest.mark.parametrize("plan", ["6", "six"])
def test_fields_wrong_in_the_same_words_are_told_apart_in_the_summary(plan: str) -> None:
    filled = Twice(MultiDict({"support": "many", "plan": plan}))
    assert not filled.validate()
    with make_app().test_request_context():
        page = render_template_string(
            '{% import "web/macros.html" as ui %}{{ ui.error_summary(form) }}', form=filled
        )
    said = re.findall(r'<a href="#(\w+)">([^<]+)</a>', page)
    sentence = "Enter a whole number in figures, such as 6."
    both = [("support", f"SEN support: {sentence}"), ("plan", f"EHC plan: {sentence}")]
    assert said == (both if plan == "six" else [("support", sentence)])


def test_the_ways_to_other_pages_stand_apart_and_only_where_there_are_pages() -> None:
    with make_app().test_request_context():

        def turn(before: str | None, after: str | None) -> str:
            return render_template_string(
                '{% import "web/macros.html" as ui %}'
                '{{ ui.turn(before, after, ("Before", "Next")) }}',
                before=before,
                after=after,
            )

        assert turn("/1", "/3") == ' <a href="/1">Before</a> <a href="/3">Next</a>'
        assert turn(None, "/2") == ' <a href="/2">Next</a>'
        assert turn(None, None) == ""
