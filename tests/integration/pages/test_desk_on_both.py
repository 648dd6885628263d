"""The desk's acts on PostgreSQL as well: locks, the one open turn, worksheets, kept comments."""

from pathlib import Path
from typing import Any

from tests.integration.pages import test_allocation, test_desk, test_worksheet
from tests.support.visiting import make_world


def test_the_desk_does_the_same_on_both_databases(tmp_path: Path, database: Any) -> None:
    world = make_world(tmp_path, database)
    test_allocation.test_work_is_shared_out_and_a_tutor_who_leaves_is_replaced_in_one_step(world)


def test_comments_and_marks_set_apart_on_both_databases(tmp_path: Path, database: Any) -> None:
    world = make_world(tmp_path, database)
    test_desk.test_comments_are_kept_and_put_in_without_losing_anything(world)


def test_a_worksheet_on_both_databases(tmp_path: Path, database: Any) -> None:
    world = make_world(tmp_path, database)
    test_worksheet.test_a_queue_goes_away_and_comes_back(world)
