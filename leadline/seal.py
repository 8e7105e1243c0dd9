"""Seals a file with the digest of its bytes, so that whoever verifies a store knows it again.

A data file bears it in its name, which the log holds; a kept file has it in a small file beside it,
together with where it lies, for its name is known before its bytes are.
"""

import hashlib
import re
from pathlib import Path, PurePosixPath

from leadline.home import Home

ENDING = ".seal"
_SEALED = re.compile(r".+-([0-9a-f]{32})")


def sealed(path: Path, stem: str) -> Path:
    """Give a new file its last name, `stem` and its digest; return its path."""
    target = path.with_name(f"{stem}-{_digest(path)}{path.suffix}")
    path.rename(target)
    return target


def is_sealed(name: str) -> bool:
    """Say whether a file's name ends with a digest."""
    return _SEALED.fullmatch(PurePosixPath(name).stem) is not None


def is_whole(path: Path, name: str) -> bool:
    """Say whether a file's bytes are those of the digest in its name; OSError if unreadable."""
    found = _SEALED.fullmatch(PurePosixPath(name).stem)
    return found is not None and found[1] == _digest(path)


def lay(folder: Home, name: str, path: Path) -> None:
    """Lay the seal of a file where the file is to lie, below a folder; its bytes are at a path."""
    said = _said(path, folder, name)
    folder.write(beside(name), lambda at: at.write_text(said))


def holds(folder: Home, name: str) -> bool | None:
    """Say whether a file is as it was sealed; None where no seal says so."""
    try:
        with folder.local(beside(name)) as seal:
            told = seal.read_text()
    except FileNotFoundError:
        return None
    with folder.local(name) as path:
        return told == _said(path, folder, name)


def beside(name: str) -> str:
    """Return where the seal of a file lies."""
    return name + ENDING


def _said(path: Path, folder: Home, name: str) -> str:
    """Return the digest of a file, and the last four parts of where it lies."""
    where = "/".join(str(folder / name).split("/")[-4:])
    return f"{_digest(path)} {where}\n"


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()[:32]
