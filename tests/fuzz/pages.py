"""The table of docs/reliability.md that says how long each parser was fuzzed, and what came."""

import json

from tests.doors import ROOT
from tests.soaks import SOAK

PAGE = ROOT / "docs" / "reliability.md"
HEAD = "| parser | runs | read | refused | seconds | findings | peak memory | seeds | commit |"
LINE = "| --- | --- | --- | --- | --- | --- | --- | --- | --- |"


def write() -> None:
    """Put what the soaks have shown into the page's table."""
    rows = []
    for path in sorted((SOAK / "fuzz").glob("*.json")):
        told = json.loads(path.read_text())
        rows.append(
            f"| `{path.stem}` | {told['runs']:,} | {told['read']:,} | {told['refused']:,} "
            f"| {told['seconds']:,.0f} | {told['findings']:,} | {told['peak'] >> 20:,} MiB "
            f"| 0 to {told['runs'] - 1} | `{told['commit']}` |"
        )
    before, _, rest = PAGE.read_text().partition(HEAD)
    behind = [line for line in rest.splitlines()[2:] if not line.startswith("| `")]
    PAGE.write_text("\n".join([before + HEAD, LINE, *rows, *behind]).rstrip() + "\n")
