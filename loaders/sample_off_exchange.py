"""Sample short-sale volume of off-exchange trades, and dark pools' weeks; no source is asked.

Source: invented here, from a seed; short shares raised by a known size are planted and told in
    events, and so are days on which more than usual trades off exchange, or a larger part of it.
Limits: 115 sessions to 2024-02-16, the consolidated file (CNMS) alone; of weeks the totals.
Quirks: known_at is 18:00 New York of the session, as FINRA publishes, and of a week three weeks
    later; a name's short share keeps to its own level for days; it trades more off exchange where
    sample_prices makes it trade more, and a stretch of short shares lies where its price is calm.
"""

from collections.abc import Iterator
from datetime import date, timedelta

import numpy as np
import pyarrow as pa

from leadline.feed import Batch, Feed, Http, Span
from loaders import _sample as sample
from loaders import sample_prices
from loaders._sample import SIZES, TICKERS, Floats

FEED = Feed(writes=("events", "short_volume", "otc_volume"), step=0)

N_SESSIONS = 115
N_MEAN = 5  # sessions of the detector's mean
MIN_PR = 0.99  # the detector's threshold
CALM = 0.018  # below the detector's 2 % over five sessions
# Of the modified z that a ratio needs; high ones are on days of twice the usual volume.
RATIOS = (0.1, 0.2, 0.3, 0.7, 0.9, 1.1, 0.1, 0.2, 1.5, 2.0, 1.1, 1.5)
WHERE = {"ATS_W_SMBL": 0.3, "OTC_W_SMBL": 0.7}  # the part of a week's off-exchange volume


def pull(span: Span, http: Http) -> Iterator[Batch]:
    """Yield the planted stretches, then every session of every name."""
    chance = sample.rng("short volume")
    shares = np.stack(
        [
            chance.uniform(0.4, 0.52) + sample.drift(chance, N_SESSIONS, 0.55, 0.035)
            for _ in TICKERS
        ],
        axis=1,
    )
    shares += 0.01 * sample.market().stress[-N_SESSIONS:, None]
    stretches = plant(shares)
    yield sample.planted("off_exchange.short_share", stretches)
    part = chance.uniform(0.35, 0.5, shares.shape)
    volumes = sample_prices.spiked()[0][-N_SESSIONS:]
    spikes, ratios = busy(part, volumes)
    yield sample.planted("off_exchange.spike", spikes)
    yield sample.planted("off_exchange.ratio", ratios)
    total = np.rint(volumes * part)
    short = np.rint(total * np.clip(shares, 0.05, 0.97))
    exempt = np.rint(short * chance.uniform(0.001, 0.02, shares.shape))
    own = sample.sessions()[-N_SESSIONS:]
    n = shares.size
    yield (
        "short_volume",
        pa.table(
            {
                "session_date": pa.array([day for day in own for _ in TICKERS], pa.date32()),
                "facility": ["CNMS"] * n,
                "source_symbol": TICKERS * len(own),
                "symbol": TICKERS * len(own),
                "short_volume": short.reshape(-1),
                "short_exempt_volume": exempt.reshape(-1),
                "total_volume": total.reshape(-1),
                "market": ["B,Q,N"] * n,
                "known_at": sample.moments(
                    [sample.micros(sample.at(day, 18)) for day in own for _ in TICKERS]
                ),
            }
        ),
    )
    yield "otc_volume", weeks(total)


def busy(
    part: Floats, volumes: sample.Ints
) -> tuple[list[dict[str, object]], list[dict[str, object]]]:
    """Raise the off-exchange part on some days of many trades; return what spikes, and what leans.

    A spike's size is its volume over twice the mean of 30 sessions, a part's its modified z in 60
    over 3.5.
    """
    spikes: list[dict[str, object]] = []
    ratios: list[dict[str, object]] = []
    for number, ratio in enumerate(RATIOS):
        day, ticker = number % 5, (number * 5 + 2) % len(TICKERS)
        place, session = len(part) - 5 + day, sample.WEEK[day]
        told = {
            "entity": TICKERS[ticker],
            "starts_at": sample.opens_at(session),
            "ends_at": sample.at(session, 21, 30),
        }
        before = part[place - 60 : place, ticker]
        middle = float(np.median(before))
        spread = float(np.median(np.abs(before - middle))) / 0.6745
        part[place, ticker] = middle + ratio * 3.5 * spread
        note = f"{part[place, ticker]:.3f} of the volume is off exchange, usually {middle:.3f}"
        ratios.append({**told, "size": ratio, "note": note})
        totals = np.rint(volumes[: place + 1, ticker] * part[: place + 1, ticker])
        mean = float(totals[-31:-1].mean())
        note = f"{totals[-1]:,.0f} shares off exchange, {mean:,.0f} a session in 30 before"
        spikes.append({**told, "size": float(totals[-1] / mean / 2), "note": note})
    return spikes, ratios


def weeks(total: Floats) -> pa.Table:
    """Return what dark pools and others traded of each name in the weeks that are out."""
    own = sample.sessions()[-N_SESSIONS:]
    mondays = [day - timedelta(days=day.weekday()) for day in own]
    rows: list[tuple[date, str, str, float]] = []
    for monday in dict.fromkeys(mondays):
        if monday < own[0] or monday + timedelta(days=21) >= own[-1]:
            continue
        summed = total[[each == monday for each in mondays]].sum(axis=0)
        rows += [
            (monday, kind, name, float(np.rint(part * summed[ticker])))
            for kind, part in WHERE.items()
            for ticker, name in enumerate(TICKERS)
        ]
    days, kinds, names, volumes = zip(*rows, strict=True)
    n = len(rows)
    out = [sample.micros(sample.at(day + timedelta(days=22), 0)) for day in days]
    return pa.table(
        {
            "week_date": pa.array(days, pa.date32()),
            "tier": ["T1"] * n,
            "summary_type": kinds,
            "source_symbol": names,
            "symbol": names,
            "issuer": [f"{name} Inc." for name in names],
            "mpid": [""] * n,
            "firm_crd": [""] * n,
            "product_type": ["UTP"] * n,
            "volume": volumes,
            "n_trades": [int(volume // 150) for volume in volumes],
            "known_at": sample.moments(out),
        }
    )


def plant(shares: Floats) -> list[dict[str, object]]:
    """Raise twelve names over five sessions each, by so many times the rise that just suffices."""
    days = sample.sessions()
    sizes = [*SIZES, 0.9, 1.1, 1.5, 2.0]
    stretches: list[dict[str, object]] = []
    for ticker in range(1, len(TICKERS)):
        if len(stretches) == len(sizes):
            break
        size, first_day = sizes[len(stretches)], len(stretches) % 5
        calm = [day % 5 for day in range(first_day, first_day + 5) if is_calm(ticker, day % 5)]
        if not calm:
            continue
        day = calm[0]
        place = len(shares) - 5 + day
        needed = rise(shares[: place + 1, ticker])
        if needed < 0.01 or shares[place - 4 : place + 1, ticker].max() + size * needed > 0.95:
            continue
        shares[place - N_MEAN + 1 : place + 1, ticker] += size * needed
        first = len(days) - 5 + day - N_MEAN + 1
        stretches.append(
            {
                "entity": TICKERS[ticker],
                "starts_at": sample.opens_at(days[first]),
                "ends_at": sample.at(days[first + N_MEAN - 1], 18, 30),
                "size": size,
                "direction": "bull",
                "note": f"the short share is {size * needed:.3f} higher over five sessions; "
                f"{needed:.3f} would just reach the percentile",
            }
        )
    return stretches


def is_calm(ticker: int, day: int) -> bool:
    """Say whether a price moved little in the five sessions up to a day of the week."""
    closes = sample.market().closes[:, ticker]
    place = len(closes) - 5 + day
    return bool(abs(closes[place] / closes[place - N_MEAN] - 1) < CALM)


def rise(shares: Floats) -> float:
    """Return by how much the last five sessions have to rise so that the detector just fires."""
    low, high = 0.0, 0.5
    for _ in range(30):
        middle = (low + high) / 2
        raised = shares.copy()
        raised[-N_MEAN:] += middle
        low, high = (low, middle) if percentile(raised) >= MIN_PR else (middle, high)
    return high


def percentile(shares: Floats) -> float:
    """Return the mid-rank percentile of the last mean of five among those before it."""
    summed = np.concatenate([[0.0], np.cumsum(shares)])
    ends = np.arange(1, len(shares) + 1)
    starts = np.maximum(ends - N_MEAN, 0)
    means = np.round((summed[ends] - summed[starts]) / (ends - starts), 9)
    before = means[:-1]
    return float((np.sum(before < means[-1]) + np.sum(before <= means[-1])) / (2 * len(before)))
