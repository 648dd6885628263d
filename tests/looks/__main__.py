"""`python -m tests.looks FOLDER [--of-some-tests]`: exit 1 where a page has a fault or is missing.

After a run of all tests every address that people open must have drawn a page or handed over a
file; after a run of some, what they drew is looked at.
"""

import argparse
import os
import sys
import tempfile
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

from tests.looks.keeping import FILE, GOOD, PAGE, Kept, read_kept
from tests.looks.looking import look
from tests.support.visiting import make_world

ONLY_LEADS_ON = {
    "confirming.by_visit": "a host who pressed the link's button, to the page of the visit",
    "history.index": "to the history of an activity",
    "launch.login": "to the platform, or to the probe for a cookie",
    "programme_home.index": "to a cohort",
}
"""Addresses that answer with another address and never with a page: whom or where they lead."""


def list_undrawn(kept: dict[tuple[str, ...], Kept]) -> list[str]:
    """Addresses that people can open, of which the tests drew nothing.

    :param kept: what all tests were answered.
    """
    drawn = {one.endpoint for one in kept.values() if one.outcome == GOOD}
    with tempfile.TemporaryDirectory() as folder:
        app = make_world(Path(folder)).app
    return sorted(
        f"{rule.endpoint} {rule.rule}"
        for rule in app.url_map.iter_rules()
        if "GET" in (rule.methods or ()) and rule.endpoint not in drawn | set(ONLY_LEADS_ON)
    )


def main() -> int:
    """Look at everything that was kept."""
    parser = argparse.ArgumentParser(prog="python -m tests.looks", description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--of-some-tests", action="store_true")
    given = parser.parse_args()
    try:
        kept = read_kept(given.folder)
    except FileNotFoundError:
        sys.stdout.write(f"No test left a page in {given.folder}, so none was looked at.\n")
        return 1
    pages = [one for one in kept.values() if one.what == PAGE]
    processes = os.cpu_count() or 1
    shares = [pages[number::processes] for number in range(processes)]
    with ProcessPoolExecutor(processes, get_context("spawn")) as pool:
        found = [one for share in pool.map(look, shares) for one in share]
    for page, wrong in found:
        sys.stdout.write(f"{page.method} {page.endpoint} ({page.outcome}), drawn by {page.test}\n")
        sys.stdout.writelines(f"    {one}\n" for one in wrong)
    undrawn = [] if given.of_some_tests else list_undrawn(kept)
    sys.stdout.writelines(f"No test draws a page of {one}\n" for one in undrawn)
    files = sum(one.what == FILE for one in kept.values())
    sys.stdout.write(
        f"Looked at {len(pages)} pages ({files} kinds of files left out): {len(found)} with a "
        f"fault, {len(undrawn)} never drawn.\n"
    )
    return 1 if found or undrawn else 0


if __name__ == "__main__":
    sys.exit(main())
