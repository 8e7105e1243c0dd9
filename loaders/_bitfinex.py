"""What Bitfinex says, in our words: its symbols are pairs, its numbers sums of their own texts.

Bitfinex shortens what a currency is called to three letters. What it has sent as a number is kept
as its text too, for a checksum is that of the texts.
"""

import re
from collections.abc import Sequence
from decimal import Decimal
from itertools import zip_longest
from json import JSONDecoder
from math import inf
from typing import cast
from zlib import crc32

NAME = "bitfinex_book"
VENUE = "bitfinex"
DECIMALS = 15  # of a price at most; one of 1e-11 has five digits of its own
CHECKED = 25  # entries of a side that a checksum is about

decoded = JSONDecoder(parse_float=str, parse_int=str, parse_constant=str).decode

_CODES = {
    "AIO": "AION", "ALG": "ALGO", "AMP": "AMPL", "ATO": "ATOM", "BAB": "BCH", "DAT": "DATA",
    "DOG": "MDOGE", "DSH": "DASH", "EDO": "PNT", "ETH2X": "ETH2", "EUS": "EURS", "EUT": "EURT",
    "IOS": "IOST", "IOT": "IOTA", "LBT": "LBTC", "MNA": "MANA", "OMN": "OMNI", "QSH": "QASH",
    "QTM": "QTUM", "RBT": "RBTC", "SNG": "SNGLS", "STJ": "STORJ", "TSD": "TUSD", "UDC": "USDC",
    "UST": "USDT", "VSY": "VSYS", "WBT": "WBTC", "XCH": "XCHF", "YYW": "YOYOW",
}  # fmt: skip
_SHORT = {name: code for code, name in _CODES.items()}
_SYMBOL = re.compile(r"t(?:(?P<base>\w{3})(?P<quote>\w{3})|(?P<long>\w+):(?P<long_quote>\w+))")
_EXPONENT_BELOW = 1e-6  # JavaScript writes what is smaller with an exponent


def pair_of(symbol: str) -> str:
    """Return BASE-QUOTE of a trading symbol."""
    found = _SYMBOL.fullmatch(symbol)
    if found is None:
        raise ValueError(f"a symbol of no pair, {symbol}")
    parts = (found["base"] or found["long"], found["quote"] or found["long_quote"])
    return "-".join(_CODES.get(part, part) for part in parts)


def symbol_of(pair: str) -> str:
    """Return what Bitfinex calls a pair."""
    base, quote = (_SHORT.get(part, part) for part in pair.split("-"))
    return f"t{base}{':' if max(len(base), len(quote)) > 3 else ''}{quote}"


def price_of(text: str) -> float:
    """Return a price; one that no book can keep is a ValueError."""
    price = float(text)
    if not 0 < price < inf:
        raise ValueError(f"a price of {text}")
    is_long = len(text) > DECIMALS or price < _EXPONENT_BELOW
    if is_long and -cast(int, Decimal(text).as_tuple().exponent) > DECIMALS:
        raise ValueError(f"a price of more than {DECIMALS} decimals, {text}")
    return price


def amount_of(text: str) -> float:
    """Return an amount, which is below zero for whoever sells."""
    amount = float(text)
    if not 0 < abs(amount) < inf:
        raise ValueError(f"an amount of {text}")
    return amount


def checksum(bids: Sequence[str], asks: Sequence[str]) -> int:
    """Return the signed sum of the best entries of both sides, each as key:amount."""
    said = ":".join(entry for both in zip_longest(bids, asks) for entry in both if entry)
    found = crc32(said.encode())
    return found - (1 << 32) if found >= 1 << 31 else found


def written_out(text: str) -> str:
    """Return a small number without its exponent, as some of the exchange's own code has it."""
    return f"{Decimal(text):f}" if float(text) < _EXPONENT_BELOW else text
