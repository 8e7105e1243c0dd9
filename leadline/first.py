"""The first version of a dataset's log, which says what its columns are and nothing of rows."""

import json
import time
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import uuid4

import pyarrow as pa
from deltalake import DeltaTable, Schema

CONFIGURATION = {
    "delta.deletedFileRetentionDuration": "interval 1 days",  # a reader is done within a day
    "delta.logRetentionDuration": "interval 30 days",
}


def write(log: Path, columns: pa.Schema, partition: str | None) -> None:
    """Write it into a folder; each log has an id of its own and the moment when it began."""
    began = int(time.time() * 1_000)
    own = {"id": str(uuid4()), "createdTime": began}
    lines = []
    for line in _made(columns, partition).splitlines():
        (said,) = json.loads(line).items()
        kind, values = said
        if kind == "commitInfo":
            values = {"timestamp": began} | {
                name: values[name] for name in ("operation", "engineInfo", "clientVersion")
            }
        lines.append(json.dumps({kind: values | own if kind == "metaData" else values}))
    log.mkdir(parents=True)
    (log / f"{0:020}.json").write_text("\n".join(lines) + "\n")


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
