from pathlib import Path

import pytest

from tests.desks import SmallDesk, run, small_desk

# Threads finish in any order: neither what is grouped nor what is joined has an order by itself.
QUERIES = (
    "select price, count(*) as n, list_sort(list(print_id)) as ids "
    "from curated.followed group by 1",
    "select one.print_id, other.price from raw.prints as one join raw.prints as other "
    "on other.price = one.price + 1",
    "select print_id, price from raw.prints order by price desc limit 500",
)
UNTIL = ("--until", "2024-03-06")
FORMATS = ("csv", "json", "jsonl", "parquet", "arrow", "xlsx")


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> SmallDesk:
    desk = small_desk(tmp_path_factory.mktemp("exports") / "desk")
    for part in range(3):
        prints = [(f"{part} {n}", n * 7 % 997, "05 15:00") for n in range(997)]
        desk.prints(*prints, feed=f"test {part}")
    return desk


@pytest.mark.parametrize("form", FORMATS)
def test_the_same_question_has_the_same_bytes(desk: SmallDesk, tmp_path: Path, form: str) -> None:
    for number, query in enumerate(QUERIES if form == "csv" else QUERIES[:1]):
        files = [tmp_path / f"{number}{name}" / f"answer.{form}" for name in "ab"]
        for file in files:
            file.parent.mkdir()
            words = ("--threads", "2", "sql", query, "--format", form, "-o", file)
            ended = run(desk.root, *words, *UNTIL)
            assert (ended.code, ended.err) == (0, "")

        one, other = ([each.read_bytes() for each in sorted(file.parent.iterdir())]
                      for file in files)  # fmt: skip
        assert one == other


@pytest.mark.parametrize("form", ["csv", "parquet", "arrow", "xlsx"])
def test_a_file_is_asked_again_and_is_the_same(desk: SmallDesk, tmp_path: Path, form: str) -> None:
    path = tmp_path / f"answer.{form}"
    run(desk.root, "sql", QUERIES[0], "--format", form, "-o", path, *UNTIL)

    shown, ended = run(desk.root, "export", "show", path), run(desk.root, "export", "replay", path)

    assert '"sql": "select price, count(*)' in shown.out
    assert (ended.code, ended.out) == (0, f"{path}: the same 997 rows\n")


def test_a_file_whose_rows_are_others_is_told(desk: SmallDesk, tmp_path: Path) -> None:
    path = tmp_path / "answer.csv"
    run(desk.root, "sql", "select max(price) from raw.prints", "--format", "csv", "-o", path)
    said = path.with_name("answer.csv.provenance.json")
    said.write_text(said.read_text().replace('"n_rows": 1', '"n_rows": 2').replace(
        '"digest": "', '"digest": "f'))  # fmt: skip

    ended = run(desk.root, "export", "replay", path)

    assert (ended.code, ended.out) == (1, "")
    assert ended.err == f"{path}: other rows, 2 then and now 1 row\n"


def test_rows_in_any_order_are_counted(desk: SmallDesk, tmp_path: Path) -> None:
    path = tmp_path / "answer.csv"
    words = ("sql", QUERIES[1], "--format", "csv", "-o", path, "--any-order")
    run(desk.root, "--threads", "2", *words)

    ended = run(desk.root, "--threads", "2", "export", "replay", path)

    assert ended.code == 0
    assert "8,964 rows" in ended.out


def test_nothing_is_said_where_that_is_asked(desk: SmallDesk, tmp_path: Path) -> None:
    words = ("sql", QUERIES[2], "--format", "parquet", "-o", tmp_path / "a", "--no-provenance")
    run(desk.root, *words)

    ended = run(desk.root, "export", "show", tmp_path / "a")

    assert (ended.code, [each.name for each in tmp_path.iterdir()]) == (1, ["a"])
    assert "a: it does not say how it was made" in ended.err


def test_what_the_environment_hides_is_in_no_export(desk: SmallDesk, tmp_path: Path) -> None:
    path = tmp_path / "answer.parquet"
    secret = {"LEADLINE_MASSIVE_SECRET": "hush-hush", "LEADLINE_CONTACT": "a@example.com"}

    run(desk.root, "sql", QUERIES[0], "--format", "parquet", "-o", path, env=secret)

    assert b"hush-hush" not in path.read_bytes()
    assert str(desk.root).encode() not in path.read_bytes()


EXPORTS = """
[exports.morning]
sql = "select print_id from raw.prints where price > 951"
to = "morning-{date}.csv"
keep = 2

[exports.off]
view = "raw.prints"
to = "x.csv"
off = true
"""


def test_an_export_is_run_by_its_name_and_the_newest_stay(desk: SmallDesk) -> None:
    desk.write("leadline.toml", EXPORTS)
    named = [f"morning-2024-03-0{day}.csv" for day in (5, 6, 7)]

    for day in (6, 7, 8):
        ended = run(desk.root, "export", "run", "morning", "--until", f"2024-03-0{day}")
    listed = run(desk.root, "export", "list")

    names = sorted(path.name for path in desk.root.glob("morning*"))
    assert names == [name for each in named[1:] for name in (each, f"{each}.provenance.json")]
    assert ended.err == (f"morning: 135 rows up to 2024-03-08 00:00:00Z, {desk.root / named[2]}\n")
    assert len((desk.root / named[1]).read_text().splitlines()) == 136
    assert listed.out.split() == ["morning", "by", "hand", str(desk.root / named[2])]
    desk.write("leadline.toml", "")


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("mornin", "mornin: there is no such export; did you mean 'morning'\n"),
        ("off", "leadline.toml: [exports.off] is off; take that out\n"),
    ],
)
def test_a_name_that_can_not_be_run_is_told(desk: SmallDesk, name: str, said: str) -> None:
    desk.write("leadline.toml", EXPORTS)

    ended = run(desk.root, "export", "run", name)

    assert (ended.code, ended.err) == (1, said)
    desk.write("leadline.toml", "")


def test_a_project_without_exports_says_how_to_begin(tmp_path: Path) -> None:
    ended = run(small_desk(tmp_path / "desk").root, "export", "list")

    assert (ended.code, ended.out) == (0, "")
    assert ended.err == "no export; name one in leadline.toml, as [exports.morning]\n"
