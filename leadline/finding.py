"""What is odd about a place in a store; a note is no error."""

from dataclasses import dataclass
from pathlib import Path

from leadline.home import Home


@dataclass(frozen=True)
class Finding:
    """A sentence about a file, a folder or a line of the ledger."""

    path: Path | Home
    what: str
    is_error: bool = True
