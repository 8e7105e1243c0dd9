"""POST /api/sql answers one SELECT in any form, says what limits cut, lists and cancels."""

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import timedelta
from time import monotonic
from typing import Any

import pyarrow as pa
import pytest
from starlette.testclient import TestClient

from leadline.sandbox import Sandbox
from leadline.serving import Limits, Serving
from leadline.tokens import Tokens
from tests.dashboards import client
from tests.desks import SmallDesk, at, small_desk

NOW = at("05 15:30")
LIMITS = Limits(timedelta(seconds=20), 1_000, "256MB", 1, 2)
SLOW = "select count(*) from range(1_000_000_000_000) as t(n) where hash(n) = 1"
DESK, BOT = ({"authorization": f"Bearer {name}-of-a-test-0123456789"} for name in ("desk", "bot"))


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> SmallDesk:
    desk = small_desk(tmp_path_factory.mktemp("sql") / "desk")
    desk.prints(("a", 10, "05 14:59"), ("b", 200, "05 15:00"), ("c", 300, "05 15:31"))
    return desk


@pytest.fixture(scope="module")
def asking(desk: SmallDesk) -> Iterator[TestClient]:
    held = "desk=desk-of-a-test-0123456789,bot=bot-of-a-test-0123456789"
    serving = Serving(Tokens(None, {"LEADLINE_TOKENS": held}), has_sql=True)
    store = desk.root / "store"
    with (
        closing(Sandbox(desk.root, store, {}, LIMITS)) as sandbox,
        client(store, NOW, desk.root, serving=serving, sandbox=sandbox) as asking,
        asking,  # one event loop for all of them
    ):
        yield asking


def ask(asking: TestClient, sql: str, **more: Any) -> Any:
    return asking.post("/api/sql", json={"sql": sql, **more}, headers=DESK)


def test_it_answers_as_leadline_sql_does(asking: TestClient) -> None:
    sql = "select print_id, price from raw.prints where price > $least order by 1"

    found = ask(asking, sql, binds={"least": 5})
    past = ask(asking, sql, binds={"least": 5}, until="2024-03-05T15:00Z")
    since = ask(asking, "select print_id from curated.followed", since="2024-03-05T15:00Z")
    unknown = ask(asking, "select count(*) as n from raw.prints", as_of="2024-03-05")

    assert found.json() == [{"print_id": "a", "price": 10}, {"print_id": "b", "price": 200}]
    assert found.headers["leadline-until"] == "2024-03-05T15:30:00+00:00"
    assert past.json() == [{"print_id": "a", "price": 10}]
    assert since.json() == [{"print_id": "b"}]
    assert unknown.json() == [{"n": 0}]


def ask_when_free(asking: TestClient, sql: str) -> Any:
    """Ask until there is a place: one is given back a little after its answer has been read."""
    while (answer := ask(asking, sql)).status_code == 429:
        pass
    return answer


@pytest.mark.parametrize("form", ["json", "jsonl", "csv", "parquet", "arrow", "xlsx"])
def test_every_form_is_had(asking: TestClient, form: str) -> None:
    answer = ask(asking, "select price from raw.prints", format=form)

    assert answer.status_code == 200
    assert "leadline-cut" not in answer.headers
    assert len(answer.content) > 10


def test_what_a_limit_cuts_says_so_in_header_and_body(asking: TestClient) -> None:
    rows = ask(asking, "select range as n from range(5)", max_rows=5)
    cut = ask(asking, "select range as n from range(6)", max_rows=5)
    csv = ask(asking, "select range as n from range(2000)", format="csv")
    arrow = ask(asking, "select range as n from range(6)", max_rows=5, format="arrow")

    says = "query: 5 rows are the most; ask for less, or part by part"
    assert ("leadline-cut" in rows.headers, len(rows.json())) == (False, 5)
    assert cut.headers["leadline-cut"] == says
    assert cut.json()[5:] == [{"leadline_cut": f"after 5 rows: {says}"}]
    assert csv.text.splitlines()[-1].startswith("# cut after 1,000 rows: query: 1,000 rows are")
    with pytest.raises(pa.ArrowInvalid):
        pa.ipc.open_stream(arrow.content).read_all()


def test_an_answer_that_is_cut_on_its_way_breaks_off(asking: TestClient) -> None:
    wide = "select range as n, repeat('x', 50_000) as x from range(9000)"

    answer = ask(asking, wide, format="csv")

    assert answer.text.splitlines()[-1].startswith("# cut after ")
    assert "32,000,000 bytes are the most" in answer.text.splitlines()[-1]


def test_time_and_memory_end_it_with_a_sentence(asking: TestClient) -> None:
    late = ask(asking, SLOW, limit_s=0.2)
    much = ask(asking, "select len(range(300_000_000))")

    assert (late.status_code, late.json()) == (
        504, {"error": "query: stopped after 0.2 s; ask for less"},
    )  # fmt: skip
    assert much.status_code == 422
    assert much.json()["error"].endswith("; ask for less")


def test_a_running_question_is_its_owners_to_see_and_cancel(asking: TestClient) -> None:
    with ThreadPoolExecutor(3) as pool:
        asked = [pool.submit(ask, asking, SLOW) for _ in range(2)]
        own: list[dict[str, Any]] = []
        while len(own) < 2:
            own = asking.get("/api/sql", headers=DESK).json()
        full = ask(asking, "select 1")
        others = asking.get("/api/sql", headers=BOT).json()
        name = own[0]["id"]
        not_his = asking.delete(f"/api/sql/{name}", headers=BOT)
        gone = [asking.delete(f"/api/sql/{each['id']}", headers=DESK) for each in own]
        ended = [each.result() for each in asked]

    assert {each["sql"] for each in own} == {SLOW}
    assert (full.status_code, full.headers["retry-after"]) == (429, "1")
    assert full.json() == {
        "error": "sql: 2 questions are being answered; wait for one, or cancel one"
    }
    assert others == []
    assert not_his.status_code == 404
    assert not_his.json() == {"error": f"{name}: no question of yours runs under this id"}
    assert gone[0].json() == {"cancelled": name}
    assert [each.json() for each in ended] == [{"error": "query: it was cancelled"}] * 2
    assert ask_when_free(asking, "select 1 as one").json() == [{"one": 1}]


def test_who_leaves_has_cancelled(asking: TestClient) -> None:
    import anyio

    body = json.dumps({"sql": SLOW}).encode()
    heard = iter([{"type": "http.request", "body": body}])

    async def receive() -> Any:
        return next(heard, {"type": "http.disconnect"})

    async def send(message: Any) -> None: ...

    headers = [(b"host", b"localhost"), (b"authorization", DESK["authorization"].encode())]
    scope = {
        "type": "http", "method": "POST", "path": "/api/sql", "query_string": b"",
        "headers": headers, "client": ("127.0.0.1", 1), "server": ("127.0.0.1", 8000),
        "scheme": "http", "root_path": "", "http_version": "1.1",
    }  # fmt: skip
    began = monotonic()
    anyio.run(asking.app, scope, receive, send)

    assert monotonic() - began < LIMITS.time.total_seconds()
    assert asking.get("/api/sql", headers=DESK).json() == []
    assert ask_when_free(asking, "select 1 as one").json() == [{"one": 1}]


@pytest.mark.parametrize(
    ("body", "status", "said"),
    [
        (b"", 422, 'body: it is no JSON; send {"sql": "select …"}'),
        (b"select 1", 422, 'body: it is no JSON; send {"sql": "select …"}'),
        (b"[" * 100_000, 422, "body: it is no JSON"),
        (b"\xff\xfe", 422, "body: it is no JSON"),
        (b"[1]", 422, 'body: it is no object; send {"sql": "select …"}'),
        (b"{}", 422, 'body: it asks nothing; send {"sql": "select …"}'),
        (b'{"sql": 1}', 422, "sql: it takes a text"),
        (b'{"sqll": "select 1"}', 422, "body: it has no key 'sqll'; did you mean 'sql'"),
        (b'{"sql": "select 1", "format": "csw"}', 422, "format: 'csw' is none of json, "),
        (b'{"sql": "select 1", "binds": [1]}', 422, "binds: it takes an object"),
        (b'{"sql": "select 1", "limit_s": NaN}', 422, "limit_s: nan is not above 0 and up to 20"),
        (b'{"sql": "select 1", "limit_s": 30}', 422, "limit_s: 30 is not above 0 and up to 20"),
        (b'{"sql": "select 1", "max_rows": true}', 422, "max_rows: it takes a whole number"),
        (b'{"sql": "select 1", "max_rows": 2000}', 422, "max_rows: 2000 is not above 0"),
        (b'{"sql": "select 1", "since": "soon"}', 422, "since: 'soon' is no moment"),
        (b'{"sql": "select 1", "until": "2030-01-01"}', 422, "until: 2030-01-01 00:00:00Z is"),
        (b'{"sql": "select 1", "as_of": "2999-01-01"}', 422, "as_of: 2999-01-01 00:00:00Z is"),
        (b'{"sql": "select 1", "since": "2024-03-06"}', 422, "span: 2024-03-06 00:00:00Z is not"),
        (b'{"sql": "' + b"x" * 1_100_000 + b'"}', 413, "body: it is longer than 1,048,576 bytes"),
    ],
)  # fmt: skip
def test_a_body_that_can_not_be_read_is_one_sentence(
    asking: TestClient, body: bytes, status: int, said: str
) -> None:
    answer = asking.post("/api/sql", content=body, headers=DESK)

    assert (answer.status_code, list(answer.json())) == (status, ["error"])
    assert answer.json()["error"].startswith(said)


def test_it_is_described_where_it_is_open(asking: TestClient, desk: SmallDesk) -> None:
    described = asking.get("/openapi.json", headers=DESK).json()["paths"]
    store = desk.root / "store"
    with (
        closing(Sandbox(desk.root, store, {}, LIMITS, is_ready=False)) as unasked,
        client(store, NOW, desk.root, sandbox=unasked) as shut,  # the settings say nothing
    ):
        closed = shut.get("/openapi.json").json()["paths"]
        refused = shut.post("/api/sql", json={"sql": "select 1"})

    body = described["/api/sql"]["post"]["requestBody"]["content"]["application/json"]["schema"]
    assert set(body["properties"]) >= {"sql", "since", "until", "as_of", "binds", "format"}
    assert {"200", "403", "413", "422", "429", "504"} <= set(
        described["/api/sql"]["post"]["responses"]
    )
    assert "delete" in described["/api/sql/{name}"]
    assert "/api/sql" not in closed
    assert (refused.status_code, refused.json()) == (
        403,
        {"error": "sql: it is not open here; write sql = true below [serve] in leadline.toml"},
    )
