"""Which issuers a feed asks the SEC for: those of the stocks that a person names."""

from leadline.errors import FeedError
from leadline.http import Http
from loaders._symbols import wanted


def tickers(http: Http) -> dict[str, list[str]]:
    """Return every ticker that each asked issuer has now, by its number; a number may be asked for.

    The feed's card says that it wants `curated.issuers`.
    """
    number: dict[str, str] = {}
    known: dict[str, list[str]] = {}
    for row in http.wanted():
        if row["valid_to"] is None and row["withdrawn_at"] is None:
            number[row["ticker"]] = row["cik"]
            known.setdefault(row["cik"], []).append(row["ticker"])
    asked = wanted(http)
    found = [each.zfill(10) if each.isdecimal() else number.get(each) for each in asked]
    if not any(found):
        raise FeedError(
            f"{', '.join(asked[:3])}: no number at the SEC is known; load sec_tickers first"
        )
    return {cik: sorted(known.get(cik, [])) for cik in dict.fromkeys(found) if cik}


def of_common_stock(own: list[str]) -> str | None:
    """Return the one ticker among an issuer's that is of its common stock.

    None where there are several, as of two classes, for a count of both is of neither.
    """
    plain = [ticker for ticker in own if "." not in ticker]
    classed = [ticker for ticker in own if len(ticker.partition(".")[2]) == 1]
    return plain[0] if len(plain) == 1 and not classed else None
