"""Chains as Cboe writes them."""

from datetime import date
from pathlib import Path

CHAIN = (
    "underlying,underlying_last,exchange,optionroot,type,expiration,quotedate,strike,last,net,"
    "bid,ask,volume,openinterest,impliedvol,delta,gamma"
)


def chain(folder: Path, day: date, interest: int, n_rows: int = 40) -> Path:
    """Write a chain as Cboe does; its last row has a strike that breaks the contract."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"SPX_{day:%Y%m%d}.csv"
    rows = [
        f"SPX,5100.5,CBOE,SPX240419C0{n:04}000,call,04/19/2024,{day:%m/%d/%Y},"
        f"{n if n < n_rows else 0},1.5,0.0,{n % 3},{n % 3 + 1},{n},{interest + n % 5},0.2,0.5,0.01"
        for n in range(1, n_rows + 1)
    ]
    path.write_text("\n".join([CHAIN, *rows]) + "\n")
    return path
