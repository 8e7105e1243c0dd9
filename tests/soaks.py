"""What soaks remember, and the page that says what they have shown."""

import re
from pathlib import Path

from tests.doors import ROOT

SOAK = ROOT / ".soak"
PAGE = ROOT / "docs" / "soak.md"
PAGE_HEAD = """# Soak

What `make soak` has shown, and on which commit. A run goes on where the one before it stopped.

| proof | what was done | seeds | commit | seconds | result |
| --- | --- | --- | --- | --- | --- |
"""


def write_page(row: str) -> None:
    """Put a proof's row in the place of its earlier one."""
    text = PAGE.read_text() if PAGE.exists() else PAGE_HEAD
    proof = row.split("|")[1]
    rows = [line for line in text.splitlines() if not line.startswith(f"|{proof}|")]
    PAGE.write_text("\n".join([*rows, row]) + "\n")


def commit_of(root: Path) -> str:
    """Return the commit that is checked out, from git's own files."""
    place = root / ".git"
    if place.is_file():  # a worktree's own folder
        place = Path(place.read_text().strip().removeprefix("gitdir: "))
    head = (place / "HEAD").read_text().strip()
    if not head.startswith("ref: "):
        return head
    ref = head.removeprefix("ref: ")
    shared = place / "commondir"
    place = place / shared.read_text().strip() if shared.exists() else place
    if (place / ref).exists():
        return (place / ref).read_text().strip()
    packed = (place / "packed-refs").read_text().splitlines()
    return next(line.split()[0] for line in packed if line.endswith(ref))


FIGURES = ROOT / "docs" / "reliability.md"


def write_figures(heading: str, row: str) -> None:
    """Put a row of figures into the table under a heading, in the place of its earlier one.

    The row of an earlier run begins with the same words, up to the first figure's unit.
    """
    lines = FIGURES.read_text().splitlines()
    begin = lines.index(f"## {heading}")
    after = (n for n, line in enumerate(lines) if n > begin and line.startswith("## "))
    end = next(after, len(lines))
    kind = _kind(row)
    kept = [line for line in lines[begin:end] if not (line[:1] == "|" and _kind(line) == kind)]
    last = max(n for n, line in enumerate(kept) if line.startswith("|"))
    kept.insert(last + 1, row)
    FIGURES.write_text("\n".join([*lines[:begin], *kept, *lines[end:]]) + "\n")


def _kind(row: str) -> str:
    """Return what a row is about: its first words without figures."""
    return re.sub(r"[\d,.]+", "", row.split("|")[1])[:24].strip()
