"""Writes a file so that it is whole or as it was, whoever reads it and whatever breaks off."""

import os
from contextlib import suppress
from pathlib import Path


def write(path: Path, body: bytes, mode: int = 0o666) -> None:
    """Put a body into a file, made with a mode of at most this; what goes wrong is an OSError."""
    part = path.with_name(f"{path.name}.{os.getpid()}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode), "wb") as file:
            file.write(body)
        os.replace(part, path)
    except OSError:
        drop(part)
        raise


def drop(*parts: Path) -> None:
    """Delete what writing left behind, if it did; a disk that refuses it keeps it."""
    for part in parts:
        with suppress(OSError):
            part.unlink()
