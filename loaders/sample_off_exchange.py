"""Sample short-sale volume of off-exchange trades; no source is asked.

Source: invented here, from a seed; short shares raised by a known size are planted and told in
    events.
Limits: 115 sessions to 2024-02-16, the consolidated file (CNMS) alone.
Quirks: known_at is 18:00 New York of the session, as FINRA publishes; a name's short share keeps
    to its own level for days.
"""

from collections.abc import Iterator

import numpy as np
import pyarrow as pa

from leadline.feed import Batch, Feed, Http, Span
from loaders import _sample as sample
from loaders._sample import SIZES, TICKERS, Floats

FEED = Feed(writes=("events", "short_volume"), step=0)

N_SESSIONS = 115
N_MEAN = 5  # sessions of the detector's mean
MIN_PR = 0.99  # the detector's threshold


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
    total = np.rint(sample.market().volumes[-N_SESSIONS:] * part)
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


def plant(shares: Floats) -> list[dict[str, object]]:
    """Raise twelve names over five sessions each, by so many times the rise that just suffices."""
    days = sample.sessions()
    sizes = [*SIZES, 0.9, 1.1, 1.5, 2.0]
    stretches: list[dict[str, object]] = []
    for ticker in range(1, len(TICKERS), 2):
        if len(stretches) == len(sizes):
            break
        size, day = sizes[len(stretches)], len(stretches) % 5
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
