"""Appends notices to a file, or to stdout, as lines of JSON: for trying rules out."""

from dataclasses import dataclass
from pathlib import Path

import msgspec

from leadline.errors import NoticeError
from live.notice import Notice
from live.settings import Settings

KEYS = ("path",)


@dataclass(frozen=True)
class Lines:
    """A file; without one it is stdout."""

    name: str
    path: Path | None

    def whither(self) -> str:
        """Say the file."""
        return str(self.path or "stdout")

    def carry(self, notice: Notice) -> None:
        """Append one line."""
        line = msgspec.json.encode(notice.payload()).decode()
        if self.path is None:
            print(line, flush=True)
            return
        try:
            with self.path.open("a") as file:
                file.write(line + "\n")
        except OSError as error:
            reason = error.strerror or type(error).__name__
            raise NoticeError(f"{self.name}: {self.path}: {reason}") from error


def carrier(settings: Settings) -> Lines:
    """Read where to; `-` is stdout."""
    said = settings.text("path", '"notices.jsonl"')
    return Lines(settings.name, None if said == "-" else settings.root / Path(said).expanduser())
