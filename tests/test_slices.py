"""Slices of captured files answer as the whole: each alert comes once, and the same.

CI asks the sample week so (tests/test_sample.py); real files take longer, and are soaked.
"""

import gzip
import random
import shutil
from datetime import timedelta
from itertools import pairwise, product
from pathlib import Path

import pytest

from leadline import clock, config
from leadline.clock import Span
from tests import positions
from tests.desks import real_store
from tests.doors import catalog, door
from tests.slices import SEED, slices
from tests.submissions import submission, table

LIVE = [view.stable for view in catalog().all_live()]
LOWER: config.Params = {  # else two real weeks, and eleven minutes of books, fire nothing
    "features.short_share": {"min_baseline_sessions": 3},
    "features.book_imbalance": {"min_obs": 300},
    "features.order_flow": {"min_baseline_s": 300},
    "crypto.imbalance": {"min_abs_obi_pr": 0.8},
}
SLICED = ("cboe_chains", "finra_short_volume", "sec_13f", "binance_book")
FIRE = {  # on the captured files; another detector may find nothing there
    "detectors.options_oi_change", "detectors.filings_holder_change", "detectors.crypto_imbalance",
}  # fmt: skip
MANAGERS = ("CTC.csv", "Gator.csv", "Thrive.csv")


@pytest.fixture(scope="session")
def sliced(real: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Load what may fire of the real sets, and a seeded few of the rest, whole files being slow."""
    folder, choice = tmp_path_factory.mktemp("sliced"), random.Random(SEED)
    chains = {
        path.stem: gzip.decompress(path.read_bytes()).decode().splitlines()
        for path in sorted((real / "options_eod_cboe_spx").glob("*.gz"))
    }
    interest: dict[str, list[int]] = {}
    for cells in (line.split(",") for lines in chains.values() for line in lines[1:]):
        interest.setdefault(cells[3], []).append(int(cells[13]))
    kept = {
        contract
        for contract, days in interest.items()
        if any(abs(b - a) >= 1_000 for a, b in pairwise(days)) or choice.random() < 0.01
    }
    volume = {
        path.name: path.read_text().splitlines()
        for path in sorted((real / "finra_regsho_daily" / "CNMS").glob("*.txt"))
    }
    symbols = {line.split("|")[1] for lines in volume.values() for line in lines[1:-1]}
    kept |= {symbol for symbol in sorted(symbols) if choice.random() < 0.1}
    for name, lines in (chains | volume).items():
        is_chain = name in chains
        rows = lines[1:] if is_chain else lines[1:-1]
        few = [
            row for row in rows if row.split("," if is_chain else "|")[3 if is_chain else 1] in kept
        ]
        footer = [] if is_chain else [str(len(few))]
        (folder / name).write_text("\n".join([lines[0], *few, *footer]) + "\n")
    for manager, quarter in product(MANAGERS, ("2025Q1", "2025Q2", "2025Q3")):
        cik, end = f"{MANAGERS.index(manager):010}", positions.QUARTERS[quarter]
        number = f"{cik}-25-00000{quarter[-1]}"
        held = [
            {
                "cusip": row["CUSIP"],
                "value": positions.dollars(row["Value"]),
                "shares": row["Shares"],
            }
            for row in positions.held(real, quarter, manager)
        ]
        filed = f"{end + timedelta(days=45):%Y%m%d}"
        text = submission(
            number, table(held), cik=cik, manager=manager, period_end=end, filed=filed,
            accepted=f"{filed}16{cik[-2:]}00",
        )  # fmt: skip
        (folder / f"{number}.txt").write_text(text)
    for path in (real / "crypto_binance_hftbacktest" / "spot").iterdir():
        shutil.copy(path, folder)
    return real_store(folder / "store", *((feed, folder) for feed in SLICED))


@pytest.mark.real
@pytest.mark.soak
@pytest.mark.parametrize("name", LIVE)
def test_slices_answer_the_same_alerts_as_the_whole_each_once(sliced: Path, name: str) -> None:
    choice = random.Random(SEED)
    with door(sliced, params=LOWER) as house:
        rows = house.ask("raw.loads", clock.BEGINNING, clock.FOREVER).select("datasets").fetchall()
        days = {
            day + timedelta(days=later)
            for (datasets,) in rows
            for each in datasets
            if each["dataset"] != "sessions"
            for day in (each["since_date"], each["until_date"])
            if day
            for later in (0, 1)
        }
        begins = [clock.midnight(day) for day in sorted(days)]
        near = [day + timedelta(seconds=choice.randrange(86_400)) for day in begins]
        n_alerts, odd = slices(house, name, Span(clock.BEGINNING, clock.FOREVER), begins, near)

    assert n_alerts or name not in FIRE
    assert odd == []
