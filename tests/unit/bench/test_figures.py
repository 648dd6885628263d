"""docs/figures.md: a section for each bench, and a partial run leaves the others alone."""

from tests.bench import figures
from tests.bench.__main__ import find_benches
from tests.bench.bench import cells, heading

BENCHES = find_benches()
TITLES = [one.title for one in BENCHES.values()]


def test_every_bench_has_a_title_of_its_own_and_takes_options_by_one_name() -> None:
    assert len(set(TITLES)) == len(TITLES)
    names = [name for one in BENCHES.values() for name in one.options]
    assert len(set(names)) == len(names)
    for bench in BENCHES.values():
        assert bench.about.endswith(".") and bench.columns


def test_a_section_is_put_in_its_place_and_the_others_stay() -> None:
    first, second, third = (
        figures.section(one, "a machine", f"make bench ARGS={one.name}", ["| a |", "| --- |"])
        for one in list(BENCHES.values())[:3]
    )
    text = ""
    for title, new in ((TITLES[2], third), (TITLES[0], first), (TITLES[1], second)):
        text = figures.replaced(text, title, new, TITLES)
    places = [text.index(f"## {title}\n") for title in TITLES[:3]]
    assert places == sorted(places)
    assert first in text and second in text and third in text
    changed = second.replace("a machine", "another machine")
    again = figures.replaced(text, TITLES[1], changed, TITLES)
    assert again == text.replace(second, changed)


def test_a_section_that_no_bench_claims_is_taken_out() -> None:
    bench = next(iter(BENCHES.values()))
    text = "# Figures\n\n## Once measured\nNo longer.\n"
    new = figures.section(bench, "a machine", "make bench", [])
    assert "Once measured" not in figures.replaced(text, bench.title, new, TITLES)


def test_the_figures_that_stand_are_all_claimed() -> None:
    there = [
        line.removeprefix("## ")
        for line in figures.FIGURES.read_text().splitlines()
        if line.startswith("## ")
    ]
    assert set(there) <= set(TITLES)


def test_rows_are_written_as_tables() -> None:
    assert heading(("A", "B")) == ["| A | B |", "| --- | --- |"]
    assert cells("x", 1234567) == "| x | 1,234,567 |"
