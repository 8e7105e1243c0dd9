"""What soaks remember, and the page that says what they have shown."""

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
