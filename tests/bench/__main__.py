"""`make bench`: measures, prints, and writes docs/figures.md.

ARGS="queue home" measures those only. ARGS="memory --requests 5000 --print" changes an option and
leaves the document as it is. What there is to measure is found: every module beside this one that
declares a `BENCH`.
"""

import argparse
import importlib
import logging
import pkgutil
import shlex
import sys
from pathlib import Path

import structlog

from tests.bench import figures
from tests.bench.bench import Bench, Columns, cells, heading


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def find_benches() -> dict[str, Bench]:
    """Every bench by its name, in the order of the modules."""
    found: dict[str, Bench] = {}
    for module in pkgutil.iter_modules([str(Path(__file__).parent)]):
        if module.name != "__main__":
            bench = getattr(importlib.import_module(f"tests.bench.{module.name}"), "BENCH", None)
            if bench is not None:
                assert bench.name not in found, bench.name
                found[bench.name] = bench
    return found


def _run(bench: Bench, chosen: argparse.Namespace) -> list[str]:
    """Measure, saying each line as it is found."""
    lines: list[str] = []

    def note(*new: str) -> None:
        lines.extend(new)
        for line in new:
            _say(line)

    note(*heading(bench.columns))
    options = {name: getattr(chosen, name) for name in bench.options}
    for found in bench.measure(**options):
        if isinstance(found, str):
            note("", found)
        elif isinstance(found, Columns):
            note("", *([found.about, ""] if found.about else []), *heading(found.names))
        else:
            note(cells(*found))
    return lines


def _arguments(benches: dict[str, Bench]) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="name", help=", ".join(benches))
    parser.add_argument("--print", action="store_true", dest="only_print")
    for bench in benches.values():
        for name, default in bench.options.items():
            parser.add_argument(
                f"--{name.replace('_', '-')}",
                type=type(default),
                default=default,
                help=f"of {bench.name} (default {default})",
            )
    return parser


def main(arguments: list[str]) -> int:
    """Measure; everything, or what is named."""
    benches = find_benches()
    parser = _arguments(benches)
    chosen = parser.parse_args(arguments)
    unknown = set(chosen.names) - set(benches)
    if unknown:
        parser.error(f"not measured: {', '.join(sorted(unknown))}. There is {', '.join(benches)}.")
    # The request lines of pages measured in this process would stand among the figures.
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    titles = [one.title for one in benches.values()]
    for name in chosen.names or benches:
        bench, where = benches[name], figures.machine()
        _say(f"\n{bench.title} ({where})\n")
        lines = _run(bench, chosen)
        if chosen.only_print:
            continue
        others = [f"--{o.replace('_', '-')} {getattr(chosen, o)}" for o in bench.options
                  if getattr(chosen, o) != bench.options[o]]  # fmt: skip
        command = f"make bench ARGS={shlex.quote(' '.join([name, *others]))}"
        new = figures.section(bench, where, command, lines)
        text = figures.FIGURES.read_text()
        figures.FIGURES.write_text(figures.replaced(text, bench.title, new, titles))
        _say(f"\nWritten to {figures.FIGURES}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
