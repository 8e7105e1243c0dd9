"""Says how an answer was made, so that whoever holds it can ask again; no secret is in it."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from xml.etree import ElementTree
from zipfile import BadZipFile, ZipFile

from leadline.errors import QueryError

KEY = "leadline"  # of metadata, in files that have some
_BESIDE = ".provenance.json"
_NEEDED = {"sql", "binds", "since", "until", "recorded_until", "views", "params"}
_LONGEST = 4_194_304  # bytes of what a sheet says of itself
_DESCRIPTION = "{http://purl.org/dc/elements/1.1/}description"


@dataclass(frozen=True)
class Provenance:
    """What is known of an answer before its first row."""

    said: Mapping[str, Any]

    def text(self, **end: Any) -> str:
        """Return it as JSON, with what is known at the end; no moment of writing is in it."""
        return json.dumps({**self.said, **end}, ensure_ascii=False, default=str)

    def headers(self) -> dict[str, str]:
        """Return what fits into headers of HTTP, for forms that hold no words of their own."""
        names = {"store_version": "store-version", "zone": "zone", "order": "order"}
        return {f"{KEY}-{name}": str(self.said[key]) for key, name in names.items()}

    def page(self, **end: Any) -> bytes:
        """Return it as a file that people read."""
        told = json.dumps({**self.said, **end}, ensure_ascii=False, default=str, indent=2)
        return f"{told}\n".encode()


def beside(path: Path) -> Path:
    """Return the file that says how this one was made, where it can't do so itself."""
    return path.with_name(f"{path.name}{_BESIDE}")


def read(path: Path) -> dict[str, Any]:
    """Return how a file was made, from the one beside it, or from the file itself."""
    try:
        text = beside(path).read_text() if beside(path).exists() else _inside(path)
        said = json.loads(text) if text else None
    except FileNotFoundError as error:
        raise QueryError(f"{path}: there is no such file; name an export") from error
    except OSError as error:
        raise QueryError(f"{path}: {str(error.strerror or error).lower()}") from error
    except (ValueError, KeyError, RecursionError, BadZipFile, ElementTree.ParseError):
        said = None
    if not isinstance(said, dict) or not said.keys() >= _NEEDED:
        raise QueryError(
            f"{path}: it does not say how it was made, nor does {beside(path).name}; "
            f"write it again with leadline sql -o"
        )
    return said


def _inside(path: Path) -> str | None:
    """Return what a file of Parquet, XLSX or Arrow says itself."""
    with path.open("rb") as file:
        head = file.read(4)
    if head == b"PAR1":
        import pyarrow.parquet as pq

        return _text((pq.read_metadata(path).metadata or {}).get(KEY.encode()))
    if head[:2] == b"PK":
        with ZipFile(path) as book, book.open("docProps/core.xml") as entry:
            core = entry.read(_LONGEST + 1)
        if len(core) > _LONGEST or b"<!" in core:
            return None  # it is none of ours, and could unfold to what fills the memory
        return ElementTree.fromstring(core).findtext(_DESCRIPTION)  # noqa: S314 - no entities
    if head == b"\xff\xff\xff\xff":
        import pyarrow as pa

        with pa.ipc.open_stream(path) as rows:
            return _text((rows.schema.metadata or {}).get(KEY.encode()))
    return None


def _text(said: bytes | None) -> str | None:
    return said.decode() if said else None
