"""python -m benchmarks [name…] [--rows N] [--page PATH]: measure, print, and write the page.

A benchmark is a file here with a function `measure(rows)`. Without names all of them run; all of
them at their full size are written to docs/performance.md as well.
"""

import argparse
import importlib
from pathlib import Path

from benchmarks.figures import ROOT, context

HERE = Path(__file__).parent
PAGE = ROOT / "docs" / "performance.md"
HEAD = """# How fast it is

Measured by `make bench`, which writes this page; `python -m benchmarks load --rows 100000` takes
one part in a small form. The machine is shared with other work, so read the ratios: what is
compared ran by turns in one go, each in a process of its own. Times are of whole processes,
from start to end, unless it says otherwise; CPU is user and system time of all threads, which
neighbours change least. Modules are compiled beforehand, as an installed package has them.
"""


def names() -> list[str]:
    """Return every benchmark: the files here that measure."""
    return [
        path.stem for path in sorted(HERE.glob("[a-z]*.py")) if "\ndef measure(" in path.read_text()
    ]


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("name", nargs="*", help=f"one of {', '.join(names())}; else all")
    parser.add_argument("--rows", type=int, help="a small form, to try it")
    parser.add_argument("--page", type=Path, help="write the page here")
    given = parser.parse_args()
    for name in given.name:
        if name not in names():
            parser.error(f"'{name}' is no benchmark; there are {', '.join(names())}")
    parts = [HEAD, "\n".join(context(given.rows)), ""]
    for name in given.name or names():
        section = importlib.import_module(f"benchmarks.{name}").measure(given.rows)
        print(section, flush=True)
        parts.append(str(section))
    page = given.page or (None if given.name or given.rows else PAGE)
    if page:
        page.parent.mkdir(exist_ok=True)
        page.write_text("\n".join(parts).rstrip() + "\n")


if __name__ == "__main__":
    main()
