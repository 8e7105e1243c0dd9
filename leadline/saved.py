"""Notices that files of the project were saved, so that a loop need not be started anew."""

from pathlib import Path


class Saved:
    """Files under a folder; patterns as `sql/**/*.sql` say which."""

    def __init__(self, root: Path, *patterns: str) -> None:
        self._root, self._patterns = root, patterns
        self._seen = self._look()

    def moved(self) -> bool:
        """Say whether a file came, went or was saved since this was asked last."""
        before, self._seen = self._seen, self._look()
        return before != self._seen

    def _look(self) -> dict[Path, tuple[int, int]]:
        found = {}
        for pattern in self._patterns:
            for path in self._root.glob(pattern):
                try:
                    stat = path.stat()
                except FileNotFoundError:  # it has just gone
                    continue
                found[path] = (stat.st_mtime_ns, stat.st_size)
        return found
