"""A filing's text as it came, cut into pages, so that none is too large for a row."""

from datetime import datetime

import pyarrow as pa

from leadline.feed import Batch, Extract, File
from loaders._submission import decoded

DATASET = "filing_texts"
PAGE = 65_536  # characters


def text(file: File, accession_no: str, form_type: str, known_at: datetime) -> Batch:
    """Return the pages of a file, which put together and encoded are its bytes."""
    charset, whole = decoded(file)
    pages = [whole[start : start + PAGE] for start in range(0, len(whole), PAGE)]
    said = {
        "accession_no": accession_no, "name": file.name, "form_type": form_type, "charset": charset
    }  # fmt: skip
    columns: dict[str, pa.Array] = {
        name: pa.array([value] * len(pages), pa.string()) for name, value in said.items()
    }
    columns["page"] = pa.array(range(1, len(pages) + 1), pa.int64())
    columns["body"] = pa.array(pages, pa.string())
    columns["known_at"] = pa.array([known_at] * len(pages), pa.timestamp("us", "UTC"))
    return DATASET, Extract(file, pa.table(columns))
