"""Gives everybody of a drawn week another name, so that none betrays what is planted by it.

The sample feeds plant by the place of a name; here no name has the place that it has there.
"""

import re
from datetime import UTC, datetime
from typing import cast

import pyarrow as pa
import pyarrow.compute as pc

from leadline.feed import Http, Span
from loaders import _sample as sample
from loaders import sample_filings, sample_insiders
from loaders._sample import TICKERS

NOBODY = cast(Http, None)  # a feed that invents asks no source
NO_SPAN = Span(datetime(1970, 1, 1, tzinfo=UTC), datetime(2024, 2, 17, tzinfo=UTC))
N_OF_COMPANY = 10  # numbers that its insiders have


def drawn() -> dict[str, str]:
    """Return whose name everybody has in this seed's week."""
    chance = sample.rng("names")
    names: dict[str, str] = {}
    order = chance.permutation(len(TICKERS)).tolist()
    for old, new in enumerate(order):
        names[TICKERS[old]] = TICKERS[new]
        names[TICKERS[old].title()] = TICKERS[new].title()
        names[str(sample_insiders.FIRST_ISSUER + old)] = str(sample_insiders.FIRST_ISSUER + new)
        for nth in range(N_OF_COMPANY):
            first = sample_insiders.FIRST_OWNER + nth
            names[str(first + old * N_OF_COMPANY)] = str(first + new * N_OF_COMPANY)
    for old, new in enumerate(chance.permutation(len(TICKERS)).tolist()):
        names[sample.cusip(old)] = sample.cusip(new)
    words = sample_filings.WORDS
    for old, new in enumerate(chance.permutation(len(words)).tolist()):
        names[sample_filings.cik(old)] = sample_filings.cik(new)
        names[words[old]] = words[new]
    return names


def renamed(table: pa.Table, names: dict[str, str]) -> pa.Table:
    """Return a table with every name in every text another's."""
    pattern = re.compile("|".join(sorted(map(re.escape, names), key=len, reverse=True)))
    for place, field in enumerate(table.schema):
        if not (pa.types.is_string(field.type) or pa.types.is_large_string(field.type)):
            continue
        told = pc.dictionary_encode(table.column(place)).combine_chunks()
        if isinstance(told, pa.ChunkedArray):
            told = pa.concat_arrays(told.chunks)
        values = told.dictionary.to_pylist()
        changed = [pattern.sub(lambda found: names[found[0]], value) for value in values]
        if changed != values:
            own = pa.array(changed, pa.string()).take(told.indices)
            table = table.set_column(place, field.name, own)
    return table
