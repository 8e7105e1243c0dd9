"""The description holds: who builds on it meets no answer that it does not speak of."""

import random
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, seed, settings
from schemathesis import GenerationMode
from schemathesis.config import SchemathesisConfig
from starlette.testclient import TestClient

from leadline import clock
from leadline.sandbox import Sandbox
from leadline.serving import Limits, Serving
from tests import founding
from tests.dashboards import NOON, fill, load
from tests.doors import ROOT, alone, door
from tests.soaks import commit_of, write_page

SEED = 20_240_301
ENDLESS = "/api/alerts/stream"  # it has tests of its own
FOUNDING = "/smart-money/"
LIMIT_S = 900  # how long a question takes is another matter
# That a moment lies ahead, or a cursor is of another question, no schema can say; nor which stocks
# a store has heard of, that it is no demo's, or which questions run.
FITS: dict[str, Any] = {
    "request-timeout": LIMIT_S,
    "checks": {"positive_data_acceptance": {"expected-statuses": ["2xx", 304, 422]}},
    "operations": [
        {
            "include-path-regex": f"^({FOUNDING}|/api/sql/)",
            "checks": {
                "positive_data_acceptance": {"expected-statuses": ["2xx", 304, 404, 409, 422]}
            },
        },
    ],
}


def sessions() -> list[dict[str, Any]]:
    """Return the weekdays of February and March 2024 as sessions."""
    days = [date(2024, 2, 1) + timedelta(days=n) for n in range(60)]
    return [
        {
            "calendar": "XNYS", "session_date": day, "is_half_session": False, "sequence": n,
            "opens_at": clock.midnight(day) + timedelta(hours=14, minutes=30),
            "closes_at": clock.midnight(day) + timedelta(hours=21), "known_at": clock.BEGINNING,
        }
        for n, day in enumerate(day for day in days if day.weekday() < 5)
    ]  # fmt: skip


@contextmanager
def operations(place: Path, now: datetime) -> Iterator[list[Any]]:
    """Open every operation that an app over a store describes, in the order of its text."""
    from panel_app.app import create  # with panel it takes long

    limits = Limits(timedelta(seconds=20), 1_000, "256MB", 1, 2)
    with (
        alone() as engine,
        door(place, engine=engine) as house,
        closing(Sandbox(ROOT, place, {}, limits, is_ready=False)) as sandbox,
    ):
        serving = Serving(rate=None, has_sql=True)
        app = create(
            house, lambda: now, names=["testserver"], serving=serving, sandbox=sandbox,
            limit_s=LIMIT_S,
        )  # fmt: skip
        config = SchemathesisConfig.from_dict(FITS)
        described = schemathesis.openapi.from_asgi("/openapi.json", app, config=config)
        found: list[Any] = [each.ok() for each in described.get_all_operations()]  # type: ignore[union-attr] # an Err raises
        assert len(found) > 300
        yield [each for each in found if each.path != ENDLESS]


def tried(chosen: Sequence[Any], n_each: int, symbol: str | None = None) -> Counter[int]:
    """Ask each with so many addresses that fit its schema and as many that do not.

    An answer that breaks the description raises, and so does a mistake of the server's own. Where
    a symbol is given, it stands in the place of the one that was drawn.
    """
    statuses: Counter[int] = Counter()

    for operation in chosen:
        for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE):
            if mode == GenerationMode.NEGATIVE and not operation.query:
                continue  # it takes nothing that could be wrong
            cases = operation.as_strategy(generation_mode=mode)

            @seed(SEED)
            @settings(
                max_examples=n_each, deadline=None, database=None, phases=[Phase.generate],
                suppress_health_check=list(HealthCheck),
            )  # fmt: skip
            @given(case=cases)
            def ask(case: Any) -> None:
                if symbol:
                    case.path_parameters["symbol"] = symbol
                answer = case.call_and_validate()
                statuses[answer.status_code] += 1

            ask()
    return statuses


def test_answers_are_as_described(tmp_path: Path) -> None:
    place = fill(tmp_path / "store")
    load(place, "sessions", sessions(), "sessions")

    with operations(place, NOON) as found:
        raw = [each for each in found if each.path.startswith("/api/raw.")]
        rest = [each for each in found if each.path.startswith(("/api/curated.", "/health"))]
        chosen = [*random.Random(SEED).sample(raw, 1), *random.Random(SEED).sample(rest, 2)]
        filled = [each for each in found if each.path == "/api/alerts"]
        statuses = tried([*chosen, *filled], 5)

    assert statuses[200] > 5
    assert statuses[422] > 5
    assert set(statuses) <= {200, 422}


def test_founding_routes_answer_as_described(market: Path) -> None:
    with operations(market, founding.NOON) as found:
        own = [each for each in found if each.path.startswith(f"{FOUNDING}dark-pool/")][:2]
        statuses = tried(own, 2, symbol="AAPL") + tried(own, 2)

    assert set(statuses) == {200, 404, 422}


@pytest.mark.soak
@pytest.mark.timeout(7_200)
def test_every_operation_answers_as_described(market: Path, tmp_path: Path) -> None:
    started, place, n_each = time.monotonic(), fill(tmp_path / "store"), 2
    load(place, "sessions", sessions(), "sessions")

    with operations(place, NOON) as found:
        statuses = tried(found, n_each)
    with operations(market, founding.NOON) as own:
        routes = [each for each in own if each.path.startswith(FOUNDING)]
        statuses += tried(routes, n_each, symbol="AAPL")

    n_asked, told = sum(statuses.values()), ", ".join(map(str, sorted(statuses)))
    write_page(
        f"| description | {len(found)} operations of the API on a small store, the "
        f"founding ones also of a stock that has all, {n_asked:,} addresses, {n_each} that fit and "
        f"{n_each} that do not of each | {SEED} | `{commit_of(ROOT)[:12]}` | "
        f"{time.monotonic() - started:,.0f} | 0 server errors, 0 answers that the description does "
        f"not know; {told} |"
    )
    assert not {status for status in statuses if status >= 500}


def test_the_description_names_every_column_with_its_type(shown: TestClient) -> None:
    said = shown.get("/openapi.json").json()

    paths, schemas = said["paths"], said["components"]["schemas"]
    asked = {each.get("name"): each for each in paths["/api/alerts"]["get"]["parameters"]}
    row = schemas["reports.overview"]["properties"]
    assert asked["score"]["schema"] == {"type": "number"}
    assert asked["score"]["description"].startswith("double. 0 to 100")
    assert row["fired_at"] == {
        "type": ["string", "null"], "format": "date-time",
        "description": "the first moment at which it could be known",
    }  # fmt: skip
    assert schemas["raw.loads"]["properties"]["datasets"]["items"]["properties"]["n_rows"]
    assert {"since", "until", "as_of", "cursor"} <= set(said["components"]["parameters"])


def test_every_error_is_described_in_one_shape(shown: TestClient) -> None:
    said = shown.get("/openapi.json").json()

    assert "/" not in said["paths"]  # a page is for people
    assert "HTTPValidationError" not in said["components"]["schemas"]
    for path, methods in said["paths"].items():
        for operation in methods.values():
            for status, answer in operation["responses"].items():
                if int(status) < 400:
                    continue
                name = answer.get("$ref", "").rpartition("/")[2]
                told = said["components"]["responses"][name] if name else answer
                schema = told["content"]["application/json"]["schema"]
                assert schema == {"$ref": "#/components/schemas/Error"}, (path, status)
