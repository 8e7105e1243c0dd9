"""A filing's text stays as it came: pages of a bounded size, which together are its bytes."""

from io import BytesIO
from pathlib import Path

import pyarrow as pa
import pytest

from leadline.clock import BEGINNING, FOREVER, moment
from leadline.feed import Extract, File
from leadline.store import Store
from loaders._filing_texts import PAGE, text
from tests.doors import door, rows
from tests.stores import load_files
from tests.submissions import APPLE, NUMBER, submission, table, written

AT = moment("2023-11-14T14:38:54Z")


@pytest.mark.parametrize(
    ("body", "n_pages", "charset"),
    [
        (b"short", 1, "utf-8"),
        (b"\xef\xbb\xbfwith a mark\r\n", 1, "utf-8"),
        ("é€😀".encode() * PAGE, 3, "utf-8"),
        (b"caf\xe9 \x00 \x85" * PAGE, 8, "latin-1"),
    ],
)
def test_pages_together_are_the_bytes(body: bytes, n_pages: int, charset: str) -> None:
    _, found = text(File("a.txt", "a.txt", lambda: BytesIO(body)), NUMBER, "4", AT)

    assert isinstance(found, Extract)
    assert isinstance(found.rows, pa.Table)
    assert found.rows["page"].to_pylist() == [*range(1, n_pages + 1)]
    assert set(found.rows["charset"].to_pylist()) == {charset}
    assert "".join(found.rows["body"].to_pylist()).encode(charset) == body


def test_a_store_gives_back_what_was_filed(store: Store, tmp_path: Path) -> None:
    said = submission(NUMBER, table([{**APPLE, "shares": n} for n in range(500)]))
    load_files(store, "sec_13f", written(tmp_path, said))

    with door(store.place) as warehouse:
        (found,) = rows(warehouse.ask("curated.filing_texts", BEGINNING, FOREVER))

    assert len(said) > PAGE
    assert found == {
        "accession_no": NUMBER, "feed": "sec_13f", "name": f"{NUMBER}.txt", "form_type": "13F-HR",
        "charset": "utf-8", "body": said, "known_at": AT,
    }  # fmt: skip
