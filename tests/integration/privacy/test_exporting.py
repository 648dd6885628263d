"""The copy of one person's data: everything of theirs, nothing of anybody else's."""

import json
import stat
import zipfile
from pathlib import Path

import html5lib

from lti_tool.core import clock
from lti_tool.privacy.holdings import list_holdings
from lti_tool.privacy.ways import leads_to, table_of
from tests.integration.privacy.bench import Bench, on_sqlite


def _export(bench: Bench, to: Path, *words: str) -> dict[str, str]:
    done = bench.about("export", "--to", str(to), *words)
    assert done.returncode == 0, done.stderr
    with zipfile.ZipFile(to) as zipped:
        return {name: zipped.read(name).decode("utf-8", "replace") for name in zipped.namelist()}


def test_everything_of_the_person_is_there_and_nothing_of_others(
    bench: Bench, tmp_path: Path
) -> None:
    to = tmp_path / "anna.zip"
    found = _export(bench, to)
    whole = "".join(found.values())
    assert "ben-" not in whole, "somebody else’s"
    tables = {name.rpartition("/")[2].partition("-")[2] for name in found if "data/" in name}
    expected = {
        f"{table_of(one).name}.json"
        for one in list_holdings()
        if leads_to(one) == "person" and not one.is_act and one.where is None
    } - {"moderation_piece.json"}
    assert expected <= tables, "each table about somebody"
    for word in (
        "anna-person-name",
        "anna-handed_in_copy-document",
        "anna-judgement-feedback",
        "anna-remark-text",
        "anna-student_number-number",
        "anna-earlier_draft-document",
        "anna-meeting-document",
        "anna-evidence_piece-note",
        "anna-guest-name",
        "anna-guest_signature-name",
        "anna-audit_entry-act",
    ):
        assert word in whole, word
    for secret in ("visit-handle", "secret_digest", "guest-email", "token_digest", "return_url"):
        assert f"anna-{secret}" not in whole, secret
    assert stat.S_IMODE(to.stat().st_mode) == 0o600


@on_sqlite
def test_what_the_university_decides_about_is_left_out_and_counted(
    bench: Bench, tmp_path: Path
) -> None:
    bench.change("release", bench.anna, taken_back_at=clock.now())
    found = _export(bench, tmp_path / "a.zip")
    whole = "".join(found.values())
    for private in (
        "anna-judgement-feedback",
        "anna-outcome-working",
        "anna-remark-text",
        "anna-hold-reason",
        "anna-mentor_question-text",
        "anna-moderation_piece-note",
        "anna-audit_entry-reason",
    ):
        assert private not in whole, private
    assert "Marks and feedback on your work: 1" in found["index.html"]
    with_all = "".join(_export(bench, tmp_path / "b.zip", "--with-private").values())
    for private in ("anna-judgement-feedback", "anna-judgement-private_note", "anna-hold-reason"):
        assert private in with_all, private


@on_sqlite
def test_a_page_to_read_and_the_work_as_it_was_handed_in(bench: Bench, tmp_path: Path) -> None:
    found = _export(bench, tmp_path / "a.zip")
    parser = html5lib.HTMLParser(strict=True)
    parser.parse(found["index.html"])
    page = found["index.html"]
    assert "What is held about you" in page and "Handed in at" in page
    assert "somebody else" in page, "the tutor, without a name"
    assert "common-person-name" not in page
    work = [name for name in found if name.startswith("files/")]
    assert any(name.endswith(".html") for name in work), work
    for name in work:
        assert name in page, "the page leads to each file"
    copy = next(name for name in found if name.endswith("handed_in_copy.json"))
    (title, rows) = next(iter(json.loads(found[copy]).items()))
    assert title == "Work you handed in" and rows[0]["Receipt"].startswith("anna-")


@on_sqlite
def test_an_export_leaves_a_note_and_overwrites_nothing(bench: Bench, tmp_path: Path) -> None:
    to = tmp_path / "a.zip"
    _export(bench, to)
    content = to.read_bytes()
    again = bench.about("export", "--to", str(to))
    assert again.returncode == 1 and "is there already" in again.stderr
    assert to.read_bytes() == content
    entries = bench.everything()["audit_entry"]
    assert sum("personal data exported" in str(row) for row in entries) == 1
    nowhere = bench.about("export", "--to", str(tmp_path / "no" / "a.zip"))
    assert nowhere.returncode == 1 and "no folder" in nowhere.stderr
    nobody = bench.about("export", "--to", str(tmp_path / "b.zip"), user="nobody")
    assert nobody.returncode == 1 and not (tmp_path / "b.zip").exists()
    assert [one.name for one in tmp_path.glob(".export-*")] == []
