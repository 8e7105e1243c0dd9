"""sql/versions.lock: what a live view means is frozen by the digest of its tokens."""

import re
from pathlib import Path

from leadline import project, whole
from leadline.catalog import Catalog, View
from leadline.errors import ConfigError, ViewError
from leadline.header import text_of

FILE = Path("sql", "versions.lock")
_LINE = re.compile(r"(sql/\S+\.sql) ([0-9a-f]{16})")


def read(root: Path) -> dict[str, str]:
    """Return each frozen file's digest by its path, those that a project lies over as well."""
    frozen: dict[str, str] = {}
    for layer in reversed(project.layers(root)):
        frozen |= _read(layer / FILE)
    return frozen


def _read(path: Path) -> dict[str, str]:
    if not path.exists():
        return {}
    frozen = {}
    for number, line in enumerate(text_of(path).splitlines(), start=1):
        if found := _LINE.fullmatch(line):
            frozen[found[1]] = found[2]
        elif line.strip():
            raise ViewError(f"{path}:{number}: '{line}' is no path and its digest; bring it back")
    return frozen


def problems(catalog: Catalog) -> list[str]:
    """Return a sentence for each live file that is not as the lock has it."""
    frozen = read(catalog.root)
    by_path = {_path(catalog, view): view for view in catalog.all()}
    found = []
    for path in frozen:
        if path not in by_path:
            found.append(f"{path}: it is frozen and gone; its alerts need it, bring it back")
    for path, view in by_path.items():
        if path in frozen and frozen[path] != view.digest:
            found.append(
                f"{path}: its meaning is frozen and has changed; "
                f"copy it to {view.path.stem.rsplit('.', 1)[0]}.v{_next(catalog, view)}.sql, "
                f"write changed:, and bring this one back"
            )
        elif path in frozen and view.status == "draft":
            found.append(f"{path}: it is frozen and says draft; a released view is live or retired")
        elif path not in frozen and view.status == "live":
            found.append(f"{path}: it is live and not in {FILE}; run leadline lock")
    return found


def freeze(catalog: Catalog) -> list[str]:
    """Add the new live files to the lock; return their paths. A changed one is a ViewError."""
    frozen = read(catalog.root)
    for sentence in problems(catalog):
        if not sentence.endswith("run leadline lock"):
            raise ViewError(sentence)
    fresh = {
        _path(catalog, view): view.digest
        for view in catalog.all()
        if view.status == "live" and _path(catalog, view) not in frozen
    }
    project.not_starter(str(FILE), catalog.root)
    own = _read(catalog.root / FILE) | fresh
    lines = [f"{path} {digest}\n" for path, digest in sorted(own.items())]
    try:
        whole.write(catalog.root / FILE, "".join(lines).encode())
    except OSError as error:
        raise ConfigError(
            f"{FILE}: {error.strerror or error}; make room or let this be written, then run "
            f"leadline lock again"
        ) from error
    return sorted(fresh)


def _next(catalog: Catalog, view: View) -> int:
    return catalog.views[view.stable][-1].version + 1


def _path(catalog: Catalog, view: View) -> str:
    return project.said(catalog.root, view.path)
