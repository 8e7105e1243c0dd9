"""Questions that were saved: a file each, queries/NAME.sql, a header and one SELECT."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import parse_qsl, urlencode

from leadline import project, whole
from leadline.errors import ConfigError, ViewError, nearest
from leadline.header import Header, text_of

FOLDER = "queries"
KEYS = ("what", "binds", "since", "until")
_NAME = re.compile(r"[a-z][a-z0-9_]{0,63}")


@dataclass(frozen=True)
class Saved:
    """A question with its span, and what fills its `$name` unless somebody says otherwise."""

    name: str
    sql: str
    what: str = ""
    binds: Mapping[str, str] = field(default_factory=dict)
    since: str = ""
    until: str = ""


def names(root: Path) -> list[str]:
    """Return the names of all that are saved in a project."""
    found = (path.stem for path in project.found(root, f"{FOLDER}/*.sql").values())
    return sorted(name for name in found if _NAME.fullmatch(name))


def read(root: Path, name: str) -> Saved:
    """Read one; an unknown name, and a header that can't be read, say so."""
    known = names(root)
    if name not in known:
        near = nearest(name, known)
        raise ConfigError(
            f"{name}: no query is saved under this name{near}; choose one of the list"
        )
    path = Path(FOLDER, f"{name}.sql")
    text = text_of(project.found(root, path.as_posix())[path.as_posix()])
    header = Header.of(path, text, KEYS, ())
    lines = text.splitlines()
    above = next((n for n, line in enumerate(lines) if not line.startswith("--")), len(lines))
    said = {key: header.get(key) or "" for key in KEYS}
    return Saved(
        name, "\n".join(lines[above:]).strip(), said["what"], binds_of(said["binds"]),
        said["since"], said["until"],
    )  # fmt: skip


def listed(root: Path) -> list[Saved]:
    """Read them all; one that can't be read says so in its own place."""
    found = []
    for name in names(root):
        try:
            found.append(read(root, name))
        except (ConfigError, ViewError) as error:
            found.append(Saved(name, "", str(error)))
    return found


def write(root: Path, saved: Saved, *, is_known: bool = False) -> Path:
    """Save a question, whole or not at all; over one of the same name only if it is known."""
    if not _NAME.fullmatch(saved.name):
        raise ConfigError(
            f"name: '{saved.name}' is no name of a query; a good one is as newest_sweeps"
        )
    if not saved.sql.strip():
        raise ConfigError("query: it is empty; write one SELECT")
    project.not_starter(FOLDER, root)
    path = root / FOLDER / f"{saved.name}.sql"
    if path.exists() and not is_known:
        raise ConfigError(f"{saved.name}: it is saved already; open it, or choose another name")
    said = {
        "what": saved.what, "binds": urlencode(dict(saved.binds)), "since": saved.since,
        "until": saved.until,
    }  # fmt: skip
    header = "".join(
        f"-- {key + ':':<6} {' '.join(value.split())}\n" for key, value in said.items() if value
    )
    try:
        whole.write(path, f"{header}\n{saved.sql.strip()}\n".encode())
    except OSError as error:
        why = (error.strerror or str(error)).lower()
        raise ConfigError(
            f"{FOLDER}/{path.name}: {why}; make room or let this be written, then save it again"
        ) from error
    return path


def binds_of(text: str) -> dict[str, str]:
    """Read what fills `$name`, written as in an address: symbol=AAPL&n=5."""
    return dict(parse_qsl(text, keep_blank_values=True))
