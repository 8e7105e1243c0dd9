"""Versions of a dataset's log that Delta's own writer can't write: the first, a change of shape."""

import json
import time
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from types import MappingProxyType
from typing import Any
from uuid import uuid4

import pyarrow as pa
from deltalake import DeltaTable, Schema

from leadline.part import Part

NOTHING: Mapping[str, str] = MappingProxyType({})
CONFIGURATION = {
    "delta.deletedFileRetentionDuration": "interval 1 days",  # a reader is done within a day
    "delta.logRetentionDuration": "interval 30 days",
}


def text(columns: pa.Schema, partition: str | None, said: Mapping[str, str] = NOTHING) -> str:
    """Return the first version: columns, what else is said of them, nothing of rows.

    Each log has an id of its own and the moment when it began.
    """
    began = int(time.time() * 1_000)
    own = {"id": str(uuid4()), "createdTime": began}
    lines = []
    for line in _made(columns, partition).splitlines():
        ((kind, values),) = json.loads(line).items()
        if kind == "commitInfo":
            values = {"timestamp": began} | {
                name: values[name] for name in ("operation", "engineInfo", "clientVersion")
            }
        if kind == "metaData":
            values |= own | {"configuration": {**values["configuration"], **said}}
        lines.append(json.dumps({kind: values}))
    return "\n".join(lines) + "\n"


def shape(
    handle: DeltaTable, columns: pa.Schema, partition: str | None, said: Mapping[str, str]
) -> dict[str, Any]:
    """Return the line that gives a table other columns, folders and words; its id stays."""
    own = handle.metadata()
    return {
        "metaData": {
            "id": str(own.id), "name": own.name, "description": own.description,
            "format": {"provider": "parquet", "options": {}},
            "schemaString": Schema.from_arrow(columns).to_json(),
            "partitionColumns": [partition] if partition else [],
            "createdTime": own.created_time, "configuration": dict(said),
        }
    }  # fmt: skip


def remove(file: Mapping[str, Any]) -> dict[str, Any]:
    """Return the line that takes a live file out; it stays on disk for who reads it."""
    return {
        "remove": {
            "path": file["path"], "deletionTimestamp": int(time.time() * 1_000),
            "dataChange": False, "extendedFileMetadata": True,
            "partitionValues": file["partition"], "size": file["size"],
        }
    }  # fmt: skip


def add(part: Part) -> dict[str, Any]:
    """Return the line that brings a file in."""
    return {
        "add": {
            "path": part.path, "partitionValues": part.partition, "size": part.size,
            "modificationTime": int(time.time() * 1_000), "dataChange": False, "stats": part.stats,
        }
    }  # fmt: skip


def follows(lines: Sequence[Mapping[str, Any]]) -> str:
    """Return lines as one version of a log."""
    told = {"commitInfo": {"timestamp": int(time.time() * 1_000), "operation": "UPGRADE"}}
    return "".join(f"{json.dumps(line)}\n" for line in (*lines, told))


@cache
def _made(columns: pa.Schema, partition: str | None) -> str:
    """Let Delta write one; its writer takes ten times as long as its text does."""
    with TemporaryDirectory(prefix="leadline-") as folder:
        DeltaTable.create(
            folder,
            Schema.from_arrow(columns),
            partition_by=[partition] if partition else None,
            configuration=CONFIGURATION,
        )
        return Path(folder, "_delta_log", f"{0:020}.json").read_text()
