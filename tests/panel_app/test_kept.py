"""A client that has an answer is told so, until rows come that change it."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from threading import Event

import pytest
from starlette.testclient import TestClient

from leadline.question import Questions
from panel_app import kept
from panel_app.kept import Body, Kept, Key
from tests.dashboards import NOON, alert, load, tops
from tests.doors import alone, door

BOOKS = "/api/raw.book_tops?order=update_id"
CLOCKED = "/api/reports.today"
NAMES = ("curated.alerts", "raw.book_tops", "raw.loads")


@contextmanager
def moving(place: Path) -> Iterator[tuple[TestClient, list[datetime]]]:
    """Ask an app whose clock a test sets."""
    from panel_app.app import create  # with panel it takes long

    shown = [NOON]
    with alone(1) as engine, door(place, engine=engine) as house:
        yield TestClient(create(house, lambda: shown[0]), base_url="http://localhost:8000"), shown


def test_an_answer_stays_the_same_until_a_load(tmp_path: Path) -> None:
    place = tmp_path / "store"
    load(place, "alerts", [alert("first", NOON - timedelta(hours=1))], "loop")
    with moving(place) as (asking, shown):
        address = "/api/curated.alerts?columns=alert_key"
        first = asking.get(address)
        shown[0] += timedelta(minutes=1)
        same = asking.get(address, headers={"if-none-match": f'"other", {first.headers["etag"]}'})
        other = asking.get(
            f"{address}&format=csv", headers={"if-none-match": first.headers["etag"]}
        )
        clocked = [asking.get(CLOCKED).headers["etag"]]
        shown[0] += timedelta(minutes=1)
        clocked.append(asking.get(CLOCKED).headers["etag"])
        load(place, "alerts", [alert("second", NOON)], "another")
        new = asking.get(address, headers={"if-none-match": first.headers["etag"]})

    assert first.headers["cache-control"] == "no-cache"
    assert first.headers["etag"].startswith('W/"')
    assert (same.status_code, same.content, same.headers["etag"]) == (
        304,
        b"",
        first.headers["etag"],
    )
    assert (other.status_code, new.status_code, len(new.json())) == (200, 200, 2)
    assert len(set(clocked)) == 2  # it reads the clock, so each moment has another


def test_rows_that_are_loaded_but_not_known_yet_move_the_answer(tmp_path: Path) -> None:
    place = tmp_path / "store"
    load(place, "alerts", [alert("soon", NOON + timedelta(seconds=30))], "loop")
    with moving(place) as (asking, shown):
        first = asking.get("/api/curated.alerts")
        shown[0] += timedelta(minutes=1)
        second = asking.get("/api/curated.alerts", headers={"if-none-match": first.headers["etag"]})

    assert (len(first.json()), second.status_code, len(second.json())) == (0, 200, 1)


def test_a_load_moves_only_what_reads_it(tmp_path: Path) -> None:
    place = tmp_path / "store"
    load(place, "alerts", [alert("first", NOON)], "loop")
    with moving(place) as (asking, _):
        before = [asking.get(f"/api/{name}").headers["etag"] for name in NAMES]
        load(place, "book_tops", tops(NOON - timedelta(seconds=9), 3), "books")
        after = [asking.get(f"/api/{name}").headers["etag"] for name in NAMES]

    assert [old == new for old, new in zip(before, after, strict=True)] == [True, False, False]


def test_a_kept_answer_is_not_asked_for_again(shown: TestClient) -> None:
    first, second = shown.get(BOOKS), shown.get(BOOKS)

    assert first.content == second.content
    assert first.headers["etag"] == second.headers["etag"]
    assert shown.get(BOOKS, headers={"if-none-match": "*"}).status_code == 304


def test_what_is_kept_stays_within_its_room(questions: Questions) -> None:
    held = Kept(questions)
    n_fit = kept.ROOM // kept.LARGEST
    for n in range(n_fit + 3):
        held.keep(str(n), body(bytes(kept.LARGEST)))
    held.keep("5", body(b""))
    held.keep("large", body(bytes(kept.LARGEST + 1)))

    assert [n for n in range(n_fit + 3) if held.found(str(n)) is None] == [0, 1, 2]
    assert held.found("large") is None
    assert held._n_bytes == (n_fit - 1) * kept.LARGEST


def body(content: bytes, took_s: float = 1) -> Body:
    return Body(content, NOON, took_s)


def test_of_many_who_find_nothing_one_asks_at_a_time(questions: Questions) -> None:
    asked: list[int] = []
    held, key = Kept(questions), Key("q", moves=True)

    def ask(n: int) -> bytes:
        with held.turn(key, NOON) as found:
            if found is None:
                asked.append(n)
                held.keep("q", found := body(b"rows"))
            return found.content

    with ThreadPoolExecutor(8) as many:
        bodies = set(many.map(ask, range(40)))

    assert (len(asked), bodies, held._asking) == (1, {b"rows"}, {})


@pytest.mark.parametrize(
    ("took_s", "age_s", "is_given", "is_renewed"),
    [(0.1, 3, True, False), (0.1, 4, True, True), (0.1, 7, False, False), (9, 121, False, False)],
)
def test_what_took_long_is_given_again_for_longer(
    questions: Questions, took_s: float, age_s: int, is_given: bool, is_renewed: bool
) -> None:
    until, renewed = NOON + timedelta(seconds=age_s), Event()
    held, key = Kept(questions), Key("q", moves=True)
    held.keep("q", body(b"rows", took_s))
    with held.turn(key, until) as found:
        pass
    if found:
        held.renew(key, found, until, renewed.set)
    with held.turn(Key("q", moves=False), until) as still:
        pass

    assert (found is not None) == is_given
    assert renewed.wait(5 if is_renewed else 0) == is_renewed
    assert still is not None  # the clock does not move it
