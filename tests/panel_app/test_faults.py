"""Whatever goes wrong, it is one sentence in one shape."""

from typing import Annotated, Any

import duckdb
import pytest
from fastapi import FastAPI, HTTPException, Query
from pydantic import BaseModel
from starlette.testclient import TestClient

from leadline.errors import ConfigError, LateError, StoreError
from panel_app import faults


class Body(BaseModel):
    """What a route of a test takes."""

    sql: str


RAISED = {
    "late": LateError("query: stopped after 60 s"),
    "store": StoreError("/store: it is not there"),
    "other": ConfigError("--port: taken\nfor good"),
    "cell": duckdb.ConversionException("Conversion Error: Could not convert 'x' to INT\nLINE 1"),
    "memory": duckdb.OutOfMemoryException("Out of Memory Error: failed to allocate"),
    "own": HTTPException(409, "demo: this store is real"),
    "bug": KeyError("secret"),
    "inner": duckdb.InternalException("INTERNAL Error: secret"),
}


@pytest.fixture(scope="module")
def asking() -> TestClient:
    app = FastAPI()
    faults.add(app)

    @app.get("/raise/{name}")
    def raises(name: str) -> None:
        raise RAISED[name]

    @app.post("/sql")
    def sql(body: Body, limit: Annotated[int, Query(ge=1)] = 1) -> None: ...

    return TestClient(app, raise_server_exceptions=False)


@pytest.mark.parametrize(
    ("name", "status", "sentence"),
    [
        ("late", 504, "query: stopped after 60 s"),
        ("store", 503, "/store: it is not there"),
        ("other", 422, "--port: taken\\nfor good"),
        ("cell", 422, "query: Could not convert 'x' to INT"),
        ("memory", 503, "query: failed to allocate; ask for less"),
        ("own", 409, "demo: this store is real"),
        ("bug", 500, "GET /raise/bug: KeyError stopped it; the server's log says more"),
        ("inner", 500, "GET /raise/inner: InternalException stopped it; the server's log says "
         "more"),
    ],
)  # fmt: skip
def test_an_error_is_a_status_and_a_sentence(
    asking: TestClient, name: str, status: int, sentence: str
) -> None:
    answer = asking.get(f"/raise/{name}")

    assert (answer.status_code, answer.json()) == (status, {"error": sentence})


@pytest.mark.parametrize(
    ("sent", "status", "sentence"),
    [
        ({"content": b"{not json"}, 422, "body: it is no JSON, expecting property name"),
        ({"content": b"\xff\xfe"}, 422, "body: "),
        ({"json": {}}, 422, "sql: field required"),
        ({"json": [1]}, 422, "body: input should be a valid dictionary"),
        ({"json": {"sql": 1}, "params": {"limit": 0}}, 422, "limit: input should be greater than"),
    ],
)
def test_what_the_framework_refuses_has_the_same_shape(
    asking: TestClient, sent: dict[str, Any], status: int, sentence: str
) -> None:
    answer = asking.post("/sql", headers={"content-type": "application/json"}, **sent)

    assert answer.status_code == status
    assert list(answer.json()) == ["error"]
    assert answer.json()["error"].startswith(sentence)
    assert "\n" not in answer.json()["error"]


def test_a_wrong_method_names_the_right_one(asking: TestClient) -> None:
    answer = asking.get("/sql")

    assert (answer.status_code, answer.headers["allow"]) == (405, "POST")
    assert answer.json() == {"error": "GET /sql: only POST is answered"}
