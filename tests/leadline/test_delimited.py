"""Rows of delimited files may hold quotation marks as they are, and be read beside others."""

from pathlib import Path

import duckdb
import pytest

from leadline.delimited import Csv, Relation
from leadline.file import File


def csv(folder: Path, name: str, body: bytes, columns: str, quote: str = '"') -> Csv:
    """Write a file; return its rows."""
    path = folder / name
    path.write_bytes(body)
    file = File(name, str(path), lambda: path.open("rb"), path=path)
    return file.csv(columns, delimiter="\t", quote=quote)


def rows(relation: Relation) -> list[tuple[object, ...]]:
    with duckdb.connect() as con:
        sql = relation.open(con, "rejects")
        return con.execute(sql).fetchall()


@pytest.mark.parametrize(
    ("quote", "found"), [("", [('"A" CO', "1"), ('B" CO', "2")]), ('"', [("A CO", "1")])]
)
def test_quotation_marks_are_taken_as_they_are_where_nothing_is_quoted(
    tmp_path: Path, quote: str, found: list[tuple[str, str]]
) -> None:
    body = b'name\tn\n"A" CO\t1\nB" CO\t2\n' if not quote else b'name\tn\n"A CO"\t1\n'
    lines = csv(tmp_path, "a.tsv", body, "name text, n text", quote)

    assert rows(lines.query("lines", "select * from lines order by n")) == found


def test_files_beside_are_read_under_their_names(tmp_path: Path) -> None:
    own = csv(tmp_path, "a.tsv", b"id\tn\na\t1\nb\t2\n", "id text, n bigint")
    names = csv(tmp_path, "b.tsv", b"id\tname\na\tAlpha\nbroken\nb\tBeta\n", "id text, name text")
    sql = "select names.name, own.n from own inner join names on own.id = names.id order by n"

    found = rows(own.query("own", sql, names=names))

    assert found == [("Alpha", 1), ("Beta", 2)]
