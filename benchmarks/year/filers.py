"""Filings of managers and of insiders, and the securities that they are of."""

from datetime import date, timedelta

import numpy as np
import pyarrow as pa

from benchmarks.year.world import (
    SECOND_US,
    SINCE,
    Ints,
    Session,
    World,
    days,
    digits,
    local_us,
    moments,
    since_1970,
    texts,
)

N_MANAGERS = 4_000
MEAN_LINES = 60
N_INSIDERS = 150  # forms a session
QUARTERS = (date(2023, 12, 31), date(2024, 3, 31), date(2024, 6, 30), date(2024, 9, 30))
DEADLINES = (date(2024, 2, 14), date(2024, 5, 15), date(2024, 8, 14), date(2024, 11, 14))
WINDOW = 14  # days before a deadline; a manager has his own, the same each quarter
FIRST_CIK, FIRST_ISSUER, FIRST_OWNER = 9_800_000_001, 9_810_000_001, 9_820_000_001


def securities(world: World) -> pa.Table:
    """Return the CUSIP of each stock, known before the year."""
    n = world.n_names
    return pa.table(
        {
            "cusip": cusips(np.arange(n)),
            "ticker": world.names,
            "issuer": [f"{name} INC" for name in world.names.to_pylist()],
            "valid_from": days(date(2020, 1, 1), n),
            "class_title": ["COM"] * n,
            "has_options": pa.array(np.ones(n, dtype=bool)),
            "known_at": _before_the_year(n),
        }
    )


def shares_outstanding(world: World) -> pa.Table:
    """Return how many shares of each stock are out, known before the year."""
    n = world.n_names
    shares = np.floor(8e10 * world.weight**0.5 / world.closes[0]) * 1_000
    return pa.table(
        {
            "symbol": world.names,
            "as_of_date": days(date(2023, 9, 30), n),
            "shares": shares.astype(np.int64),
            "known_at": _before_the_year(n),
        }
    )


def cusips(name: Ints) -> pa.Array:
    """Return invented CUSIPs of nine digits."""
    return texts(digits(900_000_000 + name * 7, 9))


def filed(world: World, session: Session) -> tuple[pa.Table, pa.Table] | None:
    """Return holdings and filings that are accepted in a session; None where nobody files."""
    for quarter, (end, deadline) in enumerate(zip(QUARTERS, DEADLINES, strict=True)):
        # What is due on a day without a session is filed on the next.
        due = [deadline - timedelta(days=n) for n in range(WINDOW)]
        if own := [n for n, day in enumerate(due) if session.before < day <= session.day]:
            n_managers = min(N_MANAGERS, 2 * world.n_names)
            manager = np.arange(n_managers)
            # Half of them wait for the last day.
            waits = np.where(manager % 2 == 0, 0, manager // 2 % WINDOW)
            manager = manager[np.isin(waits, own)]
            return _filings(world, session, quarter, end, manager) if len(manager) else None
    return None


def _filings(
    world: World, session: Session, quarter: int, end: date, manager: Ints
) -> tuple[pa.Table, pa.Table]:
    chance = world.chance(session.day, "filings")
    n = len(manager)
    accepted_us = local_us(session.day, 9) + np.sort(chance.integers(0, 8 * 3_600, n)) * SECOND_US
    accession = texts(_accession(FIRST_CIK + manager, 24, quarter + 1))
    lines = np.minimum(8 + manager * 31 % (2 * MEAN_LINES - 16), world.n_names)
    own = np.repeat(np.arange(n), lines)
    line = np.arange(len(own)) - np.repeat(np.cumsum(lines) - lines, lines)
    # A manager's stocks are his own, mostly the same each quarter; popular ones come first.
    place = manager[own] * 17 + line * (1 + manager[own] % 3) + quarter * (line % 9 == 0)
    by_rank = np.argsort(world.rank)
    name = by_rank[place % world.n_names]
    price = world.close(min(max(end, SINCE), session.day))[name]
    shares = np.floor(10 ** chance.uniform(3, 6.5, len(own))).astype(np.int64)
    value = np.rint(shares * price).astype(np.int64)
    holdings = pa.table(
        {
            "accession_no": accession.take(pa.array(own)),
            "line": line + 1,
            "issuer": [f"{each} INC" for each in world.names.take(pa.array(name)).to_pylist()],
            "class_title": ["COM"] * len(own),
            "cusip": cusips(name),
            "share_type": ["SH"] * len(own),
            "shares": shares,
            "value_reported": value,
            "discretion": ["SOLE"] * len(own),
            "voting_sole": shares,
            "known_at": moments(accepted_us[own]),
        }
    )
    filings = pa.table(
        {
            "accession_no": accession,
            "cik": texts(digits(FIRST_CIK + manager, 10)),
            "manager": [f"Manager {each} LLC" for each in manager],
            "form_type": ["13F-HR"] * n,
            "report_type": ["13F HOLDINGS REPORT"] * n,
            "period_end": days(end, n),
            "filed_date": days(session.day, n),
            "accepted_at": moments(accepted_us),
            "amendment_kind": ["ORIGINAL"] * n,
            "n_entries": lines,
            "value_total": np.bincount(own, value, n).astype(np.int64),
            "known_at": moments(accepted_us),
        }
    )
    return holdings, filings


def insiders(world: World, session: Session) -> dict[str, pa.Table]:
    """Return the forms 4 of a session: whose, of what, and what was done two days before."""
    chance = world.chance(session.day, "insiders")
    n = min(N_INSIDERS, 4 * world.n_names)
    name = chance.integers(0, world.n_names, n)
    owner = name * 10 + chance.integers(0, 6, n)
    accepted = local_us(session.day, 16, 5) + np.sort(chance.integers(0, 14_000, n)) * SECOND_US
    day = since_1970(session.day)
    accession = texts(_accession(FIRST_OWNER + np.arange(n), 24, day % 10**6))
    code = chance.choice(list("SMFAGP"), n, p=(0.36, 0.24, 0.2, 0.1, 0.05, 0.05))
    shares = np.floor(10 ** chance.uniform(2, 5, n)).astype(np.int64)
    price = np.where(np.isin(code, ("S", "F", "P")), world.close(session.day)[name], np.nan)
    known = moments(accepted)
    tickers = world.names.take(pa.array(name))
    none = np.zeros(n, dtype=bool)
    return {
        "insider_transactions": pa.table(
            {
                "accession_no": accession,
                "is_derivative": none,
                "line": np.ones(n, dtype=np.int64),
                "title": ["Common Stock"] * n,
                "trans_date": days(np.full(n, day - 1)),
                "trans_code": code.tolist(),
                "trans_form_type": ["4"] * n,
                "is_swap": none,
                "shares": shares,
                "price": pa.array(price, from_pandas=True),
                "is_acquired": np.isin(code, ("M", "A", "P")),
                "shares_after": shares * 10,
                "is_direct": ~none,
                "known_at": known,
            }
        ),
        "insider_owners": pa.table(
            {
                "accession_no": accession,
                "owner_cik": texts(digits(FIRST_OWNER + owner, 10)),
                "owner": [f"Owner {each}" for each in owner],
                "is_director": owner % 2 == 0,
                "is_officer": owner % 3 == 0,
                "is_ten_percent": none,
                "is_other": none,
                "line": np.ones(n, dtype=np.int64),
                "known_at": known,
            }
        ),
        "insider_filings": pa.table(
            {
                "accession_no": accession,
                "form_type": ["4"] * n,
                "issuer_cik": texts(digits(FIRST_ISSUER + name, 10)),
                "issuer": [f"{each} INC" for each in tickers.to_pylist()],
                "trading_symbol": tickers,
                "period_date": days(np.full(n, day - 1)),
                "filed_date": days(session.day, n),
                "accepted_at": known,
                "is_10b5_1": owner % 4 == 0,
                "known_at": known,
            }
        ),
    }


def _accession(cik: Ints, year: int, count: int) -> np.typing.NDArray[np.uint8]:
    """Return numbers of submissions as EDGAR writes them: 0001067983-24-000017."""
    n = len(cik)
    dash = np.full((n, 1), ord("-"), dtype=np.uint8)
    years, counts = digits(np.full(n, year), 2), digits(np.full(n, count), 6)
    return np.concatenate([digits(cik, 10), dash, years, dash, counts], axis=1)


def _before_the_year(n: int) -> pa.Array:
    return moments(np.full(n, local_us(SINCE - timedelta(days=20), 12)))
