"""No attack on POST /api/sql reads or writes what it may not, and the server goes on."""

import json
import re
import tomllib
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from leadline.sandbox import Sandbox
from leadline.serving import Limits, Serving
from tests.dashboards import client
from tests.desks import at, small_desk

SECRET = "planted-7f3a9c"
LATER = 66_600_666  # the price of a print that is not known yet
ATTACKS = tomllib.loads(Path(__file__).with_name("attacks.toml").read_text())
LONG = {
    "parens": "(" * 20_000, "closing": ")" * 20_000, "brackets": "[" * 20_000,
    "unbrackets": "]" * 20_000, "nots": "not " * 50_000, "sums": "1 + " * 50_000,
    "subqueries": "(select * from " * 2_000, "closings": ")" * 2_000,
    "numbers": ", ".join(map(str, range(120_000))),
}  # fmt: skip


@dataclass
class Target:
    """What is attacked."""

    asking: TestClient
    folder: Path
    names: dict[str, str]

    def ask(self, attack: str, **more: Any) -> Any:
        """Send an attack; what it names is put in."""
        sql = re.sub(r"\{(\w+)\}", lambda found: self.names[found[1]], attack)
        body = json.dumps({"sql": sql, **more})
        # The one place is given back after an answer has been read, so the next may come too early.
        while (answer := self.asking.post("/api/sql", content=body)).status_code == 429:
            pass
        return answer

    def files(self) -> dict[str, int]:
        """Return every file, and when it was changed."""
        found = (path for path in self.folder.rglob("*") if path.is_file())
        return {str(path): path.stat().st_mtime_ns for path in found}


@pytest.fixture(scope="module")
def target(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Target]:
    folder = tmp_path_factory.mktemp("attacked")
    desk = small_desk(folder / "desk")
    desk.prints(("a", 10, "05 14:59"), ("later", LATER, "05 15:31"))
    store, file = desk.root / "store", folder / "secret.csv"
    file.write_text(f"word\n{SECRET}\n")
    part = next((store / "prints").glob("*/*.parquet"))
    names = {"file": str(file), "store": str(store), "part": str(part), "out": f"{folder}/out"}
    limits = Limits(timedelta(seconds=20), 1_000, "256MB", 1, 1)
    environment = {"LEADLINE_PASSWORD": SECRET}
    with (
        closing(Sandbox(desk.root, store, {}, limits, environment)) as sandbox,
        client(
            store,
            at("05 15:30"),
            desk.root,
            sandbox=sandbox,
            serving=Serving(rate=None, has_sql=True),
        ) as asking,
        asking,  # one event loop for all of them
    ):
        yield Target(asking, folder, names | LONG)


def of(*classes: str, each: int = 1) -> list[Any]:
    """Return the attacks of some classes with what each is refused with; the soak has all.

    Of those that stop a process, each third covers time, length, memory and depth.
    """
    return [
        pytest.param(
            sql, ATTACKS[name]["says"], id=f"{name}-{number}",
            marks=[pytest.mark.soak] if number % each else [],
        )
        for name in classes
        for number, sql in enumerate(ATTACKS[name]["sql"])
    ]  # fmt: skip


def held_off(target: Target, sql: str, says: str, limit_s: float) -> None:
    """Assert that an attack is refused in a sentence, tells nothing and changes nothing."""
    before = target.files()

    answer = target.ask(sql, limit_s=limit_s)

    assert answer.status_code in (422, 504), answer.text[:300]
    assert list(answer.json()) == ["error"]
    told = answer.json()["error"]
    assert re.search(says, told), told
    assert "\n" not in told
    assert len(told) < 600
    assert SECRET not in answer.text
    assert str(LATER) not in answer.text
    assert target.files() == before


def test_there_are_a_hundred_at_least_and_none_twice() -> None:
    every = [sql for each in ATTACKS.values() for sql in each["sql"]]

    assert len(every) == len(set(every)) >= 200


@pytest.mark.parametrize(("sql", "says"), of("files", "writes", "commands", "machine", "around"))
def test_what_is_no_question_over_views_is_refused(target: Target, sql: str, says: str) -> None:
    held_off(target, sql, says, limit_s=20)  # it is refused, however long that takes


@pytest.mark.parametrize(("sql", "says"), of("bombs", each=3))
def test_what_takes_too_much_is_stopped_by_a_limit(target: Target, sql: str, says: str) -> None:
    held_off(target, sql, says, limit_s=0.1)
    assert target.ask("select 1 as one").json() == [{"one": 1}]


@pytest.mark.soak
@pytest.mark.parametrize(("sql", "says"), of("heavy", "deaf"))
def test_what_takes_more_or_hears_nothing_is_ended(target: Target, sql: str, says: str) -> None:
    held_off(target, sql, says, limit_s=0.3)
    assert target.ask("select 1 as one").json() == [{"one": 1}]


@pytest.mark.parametrize(("sql", "says"), of("endless", each=3))
def test_an_answer_without_end_is_cut_and_says_so(target: Target, sql: str, says: str) -> None:
    answer = target.ask(sql, limit_s=0.3, max_rows=10)

    if answer.status_code == 200:
        assert re.search(says, answer.headers["leadline-cut"])
        assert re.search(says, answer.json()[-1]["leadline_cut"])
        assert len(answer.json()) <= 11
    else:
        assert answer.status_code in (422, 504)
        assert re.search(says, answer.json()["error"])
    assert target.ask("select 1 as one").json() == [{"one": 1}]


@pytest.mark.parametrize(
    "sql",
    [
        "select max(price) as p from raw.prints",
        "select max(price) as p from curated.followed",
        "select max(notional_usd) as p from detectors.prices_high",
        "select lead(price) over (order by known_at) as p from raw.prints",
        "select price as p from raw.prints where known_at > timestamptz '2024-03-05 15:30Z'",
        "select max(n_rows) as p from (from curated.followed, raw.prints), (select 1 as n_rows)",
        "select count(*) as p from raw.prints asof join raw.prints as later using (known_at)",
        "select price as p from raw.prints as prints tablesample 100%",
        "with prints as (from raw.prints) select max(price) as p from prints",
        "with raw as (select 1) select max(price) as p from raw.prints",
        "select c.* from curated.followed as c",
        "select columns(*) from raw.prints",
        "select until > timestamptz '2024-03-05 15:30Z' as p from ops.clock",
        "select (select max(price) from raw.prints as q where q.known_at > p.known_at) as p "
        "from raw.prints as p",
    ],
)
def test_nothing_that_is_not_known_yet_is_seen(target: Target, sql: str) -> None:
    answer = target.ask(sql)

    assert str(LATER) not in answer.text
    assert "later" not in answer.text
    assert answer.status_code in (200, 422)


@pytest.mark.parametrize(
    "binds",
    [
        {"x": "'; drop view raw.prints; --"}, {"x": {"a": [1, {"b": None}]}}, {"x": []},
        {"x": 1e308}, {"x": -(10**40)}, {"x": "\x00"}, {"x": "\ud800"}, {"x": [[["a"]]] * 100},
        {"x y": 1}, {"": 1}, {"1": 1}, {"x": True, "y": 1}, {"x": "x" * 900_000}, {"x": None},
    ],
)  # fmt: skip
def test_a_bind_is_a_value_and_nothing_else(target: Target, binds: dict[str, Any]) -> None:
    answer = target.ask(
        "select count(*) as n from raw.prints where print_id = $x::text", binds=binds
    )

    assert answer.status_code in (200, 422)
    said = answer.json()
    assert said in ([{"n": 0}], [{"n": 1}]) or list(said) == ["error"]
    assert target.ask("select count(*) as n from raw.prints").json() == [{"n": 1}]


def test_pages_answer_while_a_question_takes_all_that_it_may(target: Target) -> None:
    from concurrent.futures import ThreadPoolExecutor

    with ThreadPoolExecutor(1) as pool:
        bomb = pool.submit(target.ask, ATTACKS["deaf"]["sql"][0], limit_s=0.5)
        while not target.asking.get("/api/sql").json():
            pass
        answers = [target.asking.get("/api/raw.prints") for _ in range(3)]

    assert [each.status_code for each in answers] == [200] * 3
    assert bomb.result().status_code == 504


def test_long_and_odd_texts_are_refused_in_a_sentence(target: Target) -> None:
    for sql in ("\x00", "select 1 \x00; drop view raw.prints", "select '\ud800'", "x" * 500_000):
        answer = target.ask(sql)

        assert answer.status_code == 422
        assert "\n" not in answer.json()["error"]
        assert len(answer.json()["error"]) < 600
