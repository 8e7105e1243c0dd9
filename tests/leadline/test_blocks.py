"""Blocks of files that never change are fetched once, bounded, and whole or not there."""

import os
from pathlib import Path

import pytest

from leadline.blocks import BLOCK, Blocks

SIZE = 2 * BLOCK + 1_000
BODY = bytes(range(250)) * (SIZE // 250) + bytes(SIZE % 250)
ADDRESS = "s3://bucket/store/prints/part.parquet"


class Far:
    """A file far away, and what was fetched of it."""

    def __init__(self, body: bytes = BODY) -> None:
        self.body, self.fetched = body, list[tuple[int, int]]()

    def __call__(self, start: int, end: int) -> bytes:
        self.fetched.append((start, end))
        return self.body[start:end]


@pytest.mark.parametrize(
    ("start", "end"), [(0, 10), (BLOCK - 5, BLOCK + 5), (5, SIZE), (SIZE - 8, SIZE + 99), (9, 9)]
)
def test_a_read_is_what_lies_there_and_the_next_fetches_nothing(
    tmp_path: Path, start: int, end: int
) -> None:
    blocks, far = Blocks(tmp_path, 10 * BLOCK), Far()

    first = blocks.read(ADDRESS, SIZE, start, end, far)
    n_fetched = len(far.fetched)
    second = Blocks(tmp_path, 10 * BLOCK).read(ADDRESS, SIZE, start, end, far)

    assert first == second == BODY[start:end]
    assert n_fetched == len(far.fetched) == (start < end)


def test_what_is_missing_side_by_side_is_fetched_at_once(tmp_path: Path) -> None:
    blocks, far = Blocks(tmp_path, 10 * BLOCK), Far()
    blocks.read(ADDRESS, SIZE, SIZE - 8, SIZE, far)

    blocks.read(ADDRESS, SIZE, 0, SIZE, far)

    assert far.fetched == [(2 * BLOCK, SIZE), (0, 2 * BLOCK)]


def test_a_file_of_another_size_is_another_file(tmp_path: Path) -> None:
    blocks, short, long = Blocks(tmp_path, 10 * BLOCK), Far(b"short"), Far(b"longer")

    read = [blocks.read(ADDRESS, len(far.body), 0, 9, far) for far in (short, long)]

    assert read == [b"short", b"longer"]


def test_a_block_that_is_cut_is_fetched_again(tmp_path: Path) -> None:
    blocks, far = Blocks(tmp_path, 10 * BLOCK), Far()
    blocks.read(ADDRESS, SIZE, 0, 10, far)
    (path,) = tmp_path.rglob("*.0")
    path.write_bytes(path.read_bytes()[:100])

    assert blocks.read(ADDRESS, SIZE, 0, 200, far) == BODY[:200]
    assert len(far.fetched) == 2


def test_the_bound_holds_and_what_was_used_longest_ago_goes_first(tmp_path: Path) -> None:
    blocks, far = Blocks(tmp_path, 3 * BLOCK), Far(BODY[:BLOCK])
    for n in range(3):
        blocks.read(f"{ADDRESS}{n}", BLOCK, 0, 1, far)
        (new,) = [path for path in tmp_path.rglob("*.0") if path.stat().st_mtime > 1_000]
        os.utime(new, (n + 1, n + 1))
    blocks.read(f"{ADDRESS}3", BLOCK, 0, 1, far)

    left = sorted(path.stat().st_mtime for path in tmp_path.rglob("*.0"))

    assert sum(path.stat().st_size for path in tmp_path.rglob("*.0")) <= 3 * BLOCK
    assert left[0] == 3


def test_of_no_bytes_nothing_is_kept_and_only_what_is_asked_is_fetched(tmp_path: Path) -> None:
    far = Far()

    assert Blocks(tmp_path, 0).read(ADDRESS, SIZE, 5, 9, far) == BODY[5:9]
    assert far.fetched == [(5, 9)]
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_can_not_be_written_is_no_hindrance(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")

    assert Blocks(tmp_path / "file", BLOCK).read(ADDRESS, SIZE, 5, 9, Far()) == BODY[5:9]


def test_a_small_file_that_was_published_is_not_fetched(tmp_path: Path) -> None:
    blocks, far = Blocks(tmp_path / "cache", BLOCK), Far()
    made = tmp_path / "made"
    made.write_bytes(BODY[:100])
    blocks.take(ADDRESS, made)

    assert blocks.read(ADDRESS, 100, 10, 20, far) == BODY[10:20]
    assert far.fetched == []
