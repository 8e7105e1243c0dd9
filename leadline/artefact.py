"""What a model was fitted to, kept in the store's own folder so that a fit is made once.

It may be deleted at any time: the same rows, file, libraries and seed make it again to the bit. It
is a pickle, which runs what it says when it is read. So only a file that whoever runs this wrote
himself, that nobody else may write to, and that is whole, is ever read.
"""

import hashlib
import io
import json
import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from leadline import whole
from leadline.errors import StoreError

_LONGEST = 4_096  # bytes of a first line, and many more than one has


@dataclass(frozen=True)
class Artefacts:
    """The fits of one model that are kept, each in a file of its fit's name."""

    place: Path
    tell: Callable[[str], None]

    def read(self, fit_id: str) -> Any:
        """Return what was kept of a fit; None, and a sentence, where that can't be trusted."""
        path = self.place / fit_id
        try:
            with path.open("rb") as file:
                wrong = _not_ours(os.fstat(file.fileno()))
                head, body = (b"", b"") if wrong else (file.readline(_LONGEST), file.read())
        except FileNotFoundError:
            return None
        except OSError as error:
            wrong, head, body = error.strerror or str(error), b"", b""
        if wrong := wrong or _not_whole(head, body, fit_id):
            self.tell(f"{path}: {wrong}; it is fitted anew")
            return None
        import joblib

        return joblib.load(io.BytesIO(body))

    def write(self, fit_id: str, value: Any) -> None:
        """Keep a fit; the file is whole or as it was."""
        import joblib

        held = io.BytesIO()
        joblib.dump(value, held, compress=("zlib", 1))
        head = {"fit_id": fit_id, "sha256": hashlib.sha256(held.getvalue()).hexdigest()}
        path = self.place / fit_id
        body = json.dumps(head).encode() + b"\n" + held.getvalue()
        try:
            whole.write(path, body, 0o600)
        except OSError as error:
            raise StoreError(
                f"{path}: {error.strerror or error}; run this again when there is room"
            ) from error


def _not_ours(status: os.stat_result) -> str | None:
    if status.st_uid != os.geteuid():
        return "it is another user's, and to read it runs what it says"
    if status.st_mode & 0o022:
        return "others may write to it, and to read it runs what it says"
    return None


def _not_whole(head: bytes, body: bytes, fit_id: str) -> str | None:
    try:
        said = json.loads(head)
        whole = said["fit_id"] == fit_id and said["sha256"] == hashlib.sha256(body).hexdigest()
    except (ValueError, KeyError, TypeError, RecursionError):
        whole = False
    return None if whole else "it is broken, or of another fit"
