"""What was found out of texts of SQL, kept in the user's cache for the next process.

To take a project's files apart takes longer than most questions do, and what is found depends on
a text alone.
"""

import json
import sys
from collections.abc import Callable
from contextlib import suppress
from functools import cached_property
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path
from secrets import token_hex
from typing import Any

from platformdirs import user_cache_path

# Who finds it out.
_READERS = ("catalog", "contract", "fold", "header", "params", "syntax", "texts")


class Texts:
    """Facts by text. It is only ever a shorter way: where it can't be read, they are found anew."""

    def __init__(self) -> None:
        self._has_new = False

    def recall(self, kind: str, text: str, find: Callable[[], Any]) -> Any:
        """Return what was found of a text, as JSON holds it; what is raised is not kept."""
        key = f"{kind} {sha256(text.encode()).hexdigest()[:32]}"
        if key not in self._known:
            self._known[key] = find()
            self._has_new = True
        return self._known[key]

    def keep(self) -> None:
        """Store what is new for the next process."""
        if not self._has_new:
            return
        self._has_new = False
        with suppress(OSError):
            self._path.parent.mkdir(parents=True, exist_ok=True)
            part = self._path.with_name(f".{token_hex(8)}.part")
            part.write_text(json.dumps(self._known))
            part.replace(self._path)

    @cached_property
    def _path(self) -> Path:
        """The file of these readers; others may find something else."""
        sources = [Path(__file__).with_name(f"{name}.py").read_text() for name in _READERS]
        made_of = json.dumps([version("duckdb"), version("sqlglot"), sys.version, *sources])
        name = f"texts-{sha256(made_of.encode()).hexdigest()[:16]}.json"
        return user_cache_path("leadline") / "layouts" / name  # which deletes what is old

    @cached_property
    def _known(self) -> dict[str, Any]:
        try:
            known = json.loads(self._path.read_text())
            self._path.touch()
        except (OSError, ValueError):
            return {}
        return known if isinstance(known, dict) else {}


TEXTS = Texts()  # one a process
