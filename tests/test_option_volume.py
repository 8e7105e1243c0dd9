"""Option volume against its past: an independent reckoning, and the rates of quiet markets."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from numpy.typing import NDArray

from leadline.engine import scratch
from tests.doors import ROOT
from tests.option_sessions import N_HALF_HOURS, Made, views_over, whole_sessions

SEED, LAST = 17, date(2024, 3, 1)
N_SESSIONS, N_ASKED = 300, 25
Floats = NDArray[np.float64]
KEYS = ["underlying", "put_call", "term", "session_date", "mark"]
MEASURES = ["n_obs", "mean20", "ratio20", "z20", "median60", "max60", "mz60"]


def irregular() -> Made:
    """Twelve names of every habit: late ones, rare ones, Fridays only; and three sessions lost."""
    chance = np.random.default_rng(SEED)
    sessions, opens_at = whole_sessions(LAST, N_SESSIONS)
    names = [(f"N{number:02}", side) for number in range(12) for side in ("call", "put")]
    scale = np.exp(chance.normal(4, 1.5, len(names)))[:, None, None]
    shape = (len(names), N_SESSIONS, N_HALF_HOURS)
    every = np.floor(scale * np.exp(chance.normal(0, 0.8, shape))).astype(np.int64)
    every[chance.random(shape) < 0.3] = 0
    every[:, [40, 150, N_SESSIONS - 12]] = 0  # what the store never got
    every[4:6, : N_SESSIONS - 45] = 0  # begins with too little history for a year
    every[6:8, : N_SESSIONS - 15] = 0  # and for a z
    every[8:12, chance.random(N_SESSIONS) < 0.6] = 0  # trades on few days
    every[13] = 0  # has no puts at all
    near = np.floor(every * chance.random(shape)).astype(np.int64)
    ends = np.floor(near * 0.5).astype(np.int64)
    ends[:8, [day.weekday() != 4 for day in sessions]] = 0
    ends[16:] = 0
    return Made(names, sessions, {"all": every, "near": near, "0dte": ends}, opens_at)


def ln1(values: Floats) -> Floats:
    return np.log(1 + values)


def modified_z(value: float, past: Floats) -> float | None:
    """Return the modified z of Iglewicz and Hoaglin, on logs."""
    middle = np.median(ln1(past))
    spread = np.median(np.abs(ln1(past) - middle))
    return 0.6745 * (np.log(1 + value) - middle) / spread if spread > 0 else None


def mid_rank(value: float, past: Floats) -> float:
    return float(((past < value).sum() + 0.5 * (past == value).sum()) / len(past))


def reckoned(made: Made) -> Iterator[dict[str, Any]]:
    """Yield what each mark of the last sessions should say, session by session and name by name."""
    reached = {term: volume.cumsum(axis=2) for term, volume in made.volumes.items()}
    trades = made.volumes["all"].sum(axis=2) > 0
    zero_dte = made.volumes["0dte"].sum(axis=2) > 0
    is_loaded = trades.any(axis=0)
    own = {name: [n for n, (other, _) in enumerate(made.names) if other == name]
           for name, _ in made.names}  # fmt: skip
    for place in range(N_SESSIONS - N_ASKED, N_SESSIONS):
        for number, (underlying, side) in enumerate(made.names):
            traded = trades[own[underlying]].any(axis=0)
            ended = zero_dte[own[underlying]].any(axis=0)
            month = [p for p in range(place - 66, place) if traded[p]]
            year = [p for p in range(place - 252, place) if traded[p]]
            spans = {
                "all": [p for p in range(month[0], place) if is_loaded[p]] if month else [],
                "0dte": [p for p in range(place - 252, place) if ended[p]],
            }
            spans["near"] = spans["all"]
            ranked = [p for p in range(year[0], place) if is_loaded[p]] if year else []
            for term, volume in reached.items():
                recent = spans[term][-60:]
                for mark in range(1, N_HALF_HOURS + 1):
                    value = float(volume[number, place, mark - 1])
                    past = volume[number, recent, mark - 1].astype(float)
                    yearly = volume[number, ranked, mark - 1].astype(float)
                    if value > 0:
                        yield {
                            "underlying": underlying, "put_call": side, "term": term,
                            "session_date": made.sessions[place], "mark": mark, "volume": value,
                            **of_past(value, past),
                            "pr252": mid_rank(value, yearly) if len(yearly) >= 20 else None,
                        }  # fmt: skip


def of_past(value: float, past: Floats) -> dict[str, Any]:
    """Return what a value is beside the sessions before, the newest of them last."""
    month = past[-20:]
    has_z = len(past) >= 20
    mean = float(month.mean()) if len(month) >= 10 else None
    spread = month.std(ddof=1) if has_z else 0
    return {
        "n_obs": len(past),
        "mean20": mean,
        "ratio20": value / mean if mean else None,
        "z20": (value - mean) / spread if mean is not None and spread > 0 else None,
        "median60": np.median(past) if has_z else None,
        "max60": past.max() if has_z else None,
        "mz60": modified_z(value, past) if has_z else None,
    }


@pytest.fixture(scope="module")
def both() -> dict[str, pd.DataFrame]:
    """What we say of every mark of 25 sessions, and what plain Python says."""
    made = irregular()
    since, until = made.opens_at[-N_ASKED], made.opens_at[-1] + timedelta(hours=7)
    with views_over(made, since, until) as con:
        ours = con.sql("from features.option_volume").to_arrow_table().to_pandas()
        ranks = con.sql("from features.option_volume_rank").to_arrow_table().to_pandas()
    theirs = pd.DataFrame(reckoned(made))
    return {"volume": ours, "rank": ranks, "theirs": theirs}


def beside(ours: pd.DataFrame, theirs: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of both side by side; each must have the other's."""
    joined = ours.merge(theirs, on=KEYS, suffixes=("", "_theirs"), how="outer", indicator=True)
    assert set(joined["_merge"]) == {"both"}
    return joined


@pytest.mark.parametrize("measure", MEASURES)
def test_every_mark_is_as_plain_python_reckons(both: dict[str, pd.DataFrame], measure: str) -> None:
    theirs = both["theirs"]

    joined = beside(both["volume"], theirs[theirs["volume"] >= 10])

    ours = joined[measure].astype(float).to_numpy()
    wanted = joined[f"{measure}_theirs"].astype(float).to_numpy()
    np.testing.assert_allclose(ours, wanted, rtol=1e-6, atol=1e-6)
    assert len(joined) > 10_000
    assert np.isfinite(ours).sum() > 8_000


def test_every_rank_is_as_plain_python_reckons(both: dict[str, pd.DataFrame]) -> None:
    theirs = both["theirs"]

    joined = beside(both["rank"], theirs[theirs["term"] != "0dte"])

    ours = joined["pr252"].astype(float).to_numpy()
    np.testing.assert_allclose(ours, joined["pr252_theirs"].astype(float), rtol=0, atol=1e-9)
    assert len(joined) > 10_000
    assert np.isfinite(ours).sum() > 8_000


def one_day(volumes: Floats) -> pd.DataFrame:
    """Return what is said of the last of many sessions, one row of volumes a name."""
    n_names, n_sessions = volumes.shape
    sessions, opens_at = whole_sessions(LAST, n_sessions)
    whole = np.zeros((n_names, n_sessions, N_HALF_HOURS), dtype=np.int64)
    whole[:, :, 0] = np.rint(volumes)
    nothing = np.zeros_like(whole)
    names = [(f"N{number:05}", "call") for number in range(n_names)]
    made = Made(names, sessions, {"all": whole, "near": nothing, "0dte": nothing}, opens_at)
    mark = opens_at[-1] + timedelta(minutes=30)
    with views_over(made, mark, mark + timedelta(minutes=1)) as con:
        return con.sql(
            "select underlying, volumes.*, ranks.pr252 from features.option_volume as volumes "
            "inner join features.option_volume_rank as ranks using (underlying, put_call, term) "
            "order by underlying"
        ).to_arrow_table().to_pandas()  # fmt: skip


def is_near(found: Any, rate: float, n: int) -> bool:
    """Say whether a share is within four binomial errors, and the book's rounding, of a rate."""
    return bool(abs(found - rate) < 4 * np.sqrt(rate * (1 - rate) / n) + 0.0005)


@pytest.mark.parametrize("n", [3_000, pytest.param(12_000, marks=pytest.mark.soak)])
def test_quiet_markets_fire_as_often_as_the_rule_book_says(n: int) -> None:
    chance = np.random.default_rng(SEED)

    said = one_day(np.exp(chance.normal(11, 0.5, (n, 61))))

    rates = {
        "mz60 > 2.5": ((said["mz60"] > 2.5).mean(), 0.0112),
        "mz60 > 3.5": ((said["mz60"] > 3.5).mean(), 0.00115),
        "z20 > 2": ((said["z20"] > 2).mean(), 0.063),
        "z20 > 3": ((said["z20"] > 3).mean(), 0.027),
        "z20 > 4": ((said["z20"] > 4).mean(), 0.012),
        "ratio20 >= 2": ((said["ratio20"] >= 2).mean(), 0.057),
        "pr252 of all 60": ((said["pr252"] == 1).mean(), 1 / 61),
    }
    assert len(said) == n
    assert {name: both for name, both in rates.items() if not is_near(*both, n)} == {}


def test_more_volume_is_never_less_unusual_and_its_unit_changes_no_rank() -> None:
    chance = np.random.default_rng(SEED)
    past = np.rint(np.exp(chance.normal(8, 0.7, 60)))
    today = np.arange(100, 20_100, 100)
    volumes = np.column_stack([np.tile(past, (len(today), 1)), today])

    said, scaled = one_day(volumes), one_day(10 * volumes)

    for measure in ("mz60", "z20", "ratio20", "pr252"):
        assert said[measure].is_monotonic_increasing
    for measure in ("z20", "ratio20", "pr252"):
        np.testing.assert_allclose(said[measure], scaled[measure], rtol=1e-6)
    assert said["pr252"].between(0, 1).all()


def test_unusual_is_over_95_for_one_name_in_twenty_by_chance() -> None:
    chance = np.random.default_rng(SEED)
    n = 20_000
    text = (ROOT / "sql/views/features/option_unusual.v1.sql").read_text()
    at = datetime.fromisoformat("2024-03-01T15:30Z")
    same = {
        "session_date": [LAST] * n, "mark": [2] * n, "known_at": [at] * n, "term": ["all"] * n,
        "underlying": [f"N{number}" for number in range(n)], "n_obs": [252] * n,
        "n_obs252": [252] * n, "premium_usd": [1_000_000] * n, "volume": [1_000] * n,
        "net_premium_usd": [1] * n, "unsided_frac": [0.0] * n, "flow_z": [0.0] * n,
        "ratio20": [1.0] * n, "mz60": [0.0] * n, "max60": [0] * n, "median60": [0.0] * n,
    }  # fmt: skip
    sides = [
        pa.table({**same, "put_call": [side] * n, "pr252": chance.random(n)})
        for side in ("call", "put")
    ]
    with scratch() as con:
        con.execute("set timezone = 'UTC'; create schema features")
        con.register("ranks", pa.concat_tables(sides))
        con.register("flow", pa.table({**same, "net_premium_pr": chance.random(n)}))
        con.execute("create table features.option_volume_rank as from ranks")
        con.execute("create table features.option_volume as from ranks")
        con.execute("create table features.option_net_flow as from flow")
        found = con.sql(f"select unusual from ({text}\n)").to_arrow_table().to_pandas()["unusual"]

    assert len(found) == n
    assert is_near((found > 95).mean(), 0.05, n)
    assert found.between(0, 100).all()
