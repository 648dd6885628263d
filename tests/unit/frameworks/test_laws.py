"""Laws of frameworks: what is taken away reads back as it was, and differences add up."""

from dataclasses import replace

from hypothesis import given, settings

from lti_tool.frameworks.bringing_in import read_file
from lti_tool.frameworks.checking import in_reading_order, problems_of
from lti_tool.frameworks.comparing import compare
from lti_tool.frameworks.documents import document_of, framework_of
from lti_tool.frameworks.exporting import as_csv, as_yaml
from lti_tool.frameworks.framework import Framework
from tests.unit.frameworks.made import CONFIG, STANDARDS, frameworks

few = settings(max_examples=40, deadline=None)


@few
@given(frameworks)
def test_the_document_gives_the_framework_back(framework: Framework) -> None:
    again = framework_of(document_of(framework), framework.version, is_shipped=True)
    assert again == framework


@few
@given(frameworks)
def test_what_is_taken_away_reads_back(framework: Framework) -> None:
    assert problems_of(framework.items) == []
    from_csv = read_file(as_csv(framework), CONFIG, framework)
    assert from_csv.problems == () and from_csv.framework is not None
    assert from_csv.framework.items == framework.items
    from_yaml = read_file(as_yaml(framework), CONFIG, framework).framework
    assert from_yaml == replace(framework, is_shipped=False)


@few
@given(frameworks, frameworks)
def test_differences_add_up(before: Framework, after: Framework) -> None:
    found = compare(before, after)
    assert compare(after, after).is_empty
    olds, news = {one.id for one in before.items}, {one.id for one in after.items}
    assert {one.id for one in found.added} == news - olds
    assert {one.id for one in found.removed} == olds - news
    back = compare(after, before)
    assert {one.id for one in back.added} == {one.id for one in found.removed}
    assert {one.after.id for one in back.reworded} == {one.after.id for one in found.reworded}
    for one in (*found.reworded, *found.marked):
        assert one.before != one.after and one.fields
    touched = {one.after.id for one in (*found.reworded, *found.marked, *found.moved)}
    assert found.same + len(touched) == len(olds & news)
    if found.is_empty:
        assert before.items == after.items


@few
@given(frameworks)
def test_reading_order_is_settled_and_keeps_everything(framework: Framework) -> None:
    assert in_reading_order(framework.items) == framework.items
    shuffled = sorted(framework.items, key=lambda item: item.title)
    again = in_reading_order(shuffled)
    assert sorted(again, key=str) == sorted(framework.items, key=str)
    seen = {""}
    for item in again:
        assert item.parent in seen
        seen.add(item.id)


def test_the_shipped_standards_are_among_what_the_laws_are_about() -> None:
    again = read_file(as_csv(STANDARDS), CONFIG, STANDARDS)
    assert again.framework is not None and again.framework.items == STANDARDS.items
