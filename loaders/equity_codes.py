"""What codes of stock prints mean, tape by tape, and who the venues are; no source is asked.

Source: the sale conditions and participants of the consolidated tapes (CTA, UTP) as public vendors
    list them, Massive's numbers of them with their update rules, AlgoSeek's mask as Lean has it.
Limits: what has no code here counts as volume and says nothing of its price, and its print is
    marked; Massive's ids from 60 on and bit 40000000 of AlgoSeek's, which nobody describes.
Quirks: a code table is a rule, so known_at is 1970-01-01Z, and valid_from 1970-01-01, since when a
    code is in use being unknown. Letter B is an average price on tapes A and B, a bunched trade on
    C, so that letters are keyed by tape; where a print has no tape both meanings hold and the
    stricter wins. Bit 20 and bit 20000000 of AlgoSeek's together mark most sweeps. Where Massive
    sends no condition the print is an ordinary one; its corrections 1, 7, 8, 10, 11 and 12 have the
    meaning that the exchange's own files give them (unverified). Venue D of a letter and 4 of
    Massive's is FINRA, whichever facility was told; Q and T are both Nasdaq.
"""

from collections.abc import Iterator
from datetime import date
from itertools import product

from leadline.clock import BEGINNING
from leadline.feed import Batch, Feed, Http, Row, Span

FEED = Feed(writes=("conditions", "venues"), step=0)

ALWAYS = date(1970, 1, 1)
LETTERS, ALPACA = "sample_equity_trades", "equity_trades_alpaca"
OWN = (LETTERS, ALPACA)  # feeds that send the tapes' own letters
MASSIVE, TICKS = "massive_equity_trades", "equity_ticks"
DATABENTO = "databento_equities"
CTA, UTP = ("A", "B"), ("C",)
ANY = ("any",)

# How detectors take a condition: does it count as volume, and does its price say anything.
CLASSES = {
    "regular": (True, True),
    "odd_lot": (True, True),
    "auction": (True, True),
    "cross": (True, False),
    "average": (True, False),
    "prior_price": (True, False),
    "derivative": (True, False),
    "contingent": (True, False),
    "settlement": (True, False),
    "price_variation": (True, False),
    "extended": (True, False),
    "late": (True, False),
    "suspicious": (True, False),
    "corrected": (True, False),
    "official": (False, False),
    "cancel": (False, False),
}

# Its name, class and words; the letter and its tapes; Massive's id; AlgoSeek's bit.
CONDITIONS = (
    ("REG", "regular", "regular sale", "@", ANY, "0", "1"),
    ("ACQ", "regular", "acquisition", "A", UTP, "1", "10000"),
    ("AUTO", "regular", "executed automatically", "E", ANY, "3", "10000000"),
    ("BUNCH", "regular", "bunched trade", "B", UTP, "4", "20000"),
    ("CAP", "regular", "elected by a tick, an order of old", None, (), "6", "8000000"),
    ("DIST", "regular", "distribution", "D", UTP, "11", "80000"),
    ("ISO", "regular", "intermarket sweep order", "F", ANY, "14", "20"),
    ("R155", "regular", "rule 127 or 155", "K", ANY, "23", "800000"),
    ("STOP", "regular", "stopped stock", "1", UTP, "27", "1000"),
    ("SPLIT", "regular", "split trade", "S", UTP, "34", "8000"),
    ("YELL", "regular", "yellow flag", "Y", UTP, "36", "10"),
    ("EXEMPT", "regular", "exempt from the rule on trade-throughs", "8", ANY, "41", "20000000"),
    ("HOLD", "regular", "placeholder of that exemption", None, (), "59", None),
    ("ODD", "odd_lot", "odd lot", "I", ANY, "37", "80000000"),
    ("OPEN", "auction", "opening print", "O", ANY, "25", "40"),
    ("REOP", "auction", "reopening print", "5", ANY, "28", "100"),
    ("CLOSE", "auction", "closing print", "6", ANY, "8", "80"),
    ("CROSS", "cross", "cross", "X", ANY, "9", "200000"),
    ("AVG", "average", "average price", "B", CTA, "2", "100000"),
    ("AVG", "average", "average price", "W", UTP, None, None),
    ("PRIOR", "prior_price", "at a price of earlier", "P", ANY, "22", "2000000"),
    ("DERIV", "derivative", "derivatively priced", "4", ANY, "10", "200"),
    ("CONT", "contingent", "contingent on another trade", "V", ANY, "52", "40000"),
    ("QCT", "contingent", "qualified contingent trade", "7", ANY, "53", None),
    ("CASH", "settlement", "settled on the day", "C", ANY, "7", "2"),
    ("NEXT", "settlement", "settled on the next day", "N", ANY, "20", "4"),
    ("SELL", "settlement", "settled as the seller likes", "R", ANY, "29", "8"),
    ("VAR", "price_variation", "price far from the market", "H", ANY, "21", "400000"),
    ("FORMT", "extended", "outside regular hours", "T", ANY, "12", "2000"),
    ("FORMT", "extended", "outside regular hours, form T", None, (), None, "400"),
    ("EXTZ", "late", "outside regular hours, out of sequence", "U", ANY, "13", None),
    ("SOLDL", "late", "reported late, in sequence", "L", ANY, "30", "800"),
    ("SOLDZ", "late", "reported late, out of sequence", "Z", ANY, "33", "4000"),
    ("BSOLD", "late", "bunched trade, reported late", "G", UTP, "5", None),
    ("MCLOSE", "official", "a market centre's official close", "M", ANY, "15", "1000000"),
    ("MOPEN", "official", "a market centre's official open", "Q", ANY, "16", "4000000"),
    ("CCLOSE", "official", "corrected consolidated close", "9", ANY, "38", None),
)
ISO = "ISO"
# What Databento calls otherwise than by its MIC: the facilities are venues of their own there.
OTHERS = {"FINRA": ("FINN", "FINC", "FINY", "XADF"), "PSX": ("XPSX",)}

# What no tape has a letter for: feed, code, name, class, in words.
WORDS = (
    (MASSIVE, "", "NONE", "regular", "a print without a condition"),
    (MASSIVE, "correction 1", "COR1", "cancel", "corrected later, by another print"),
    (MASSIVE, "correction 7", "COR7", "cancel", "taken back later as a mistake"),
    (MASSIVE, "correction 8", "COR8", "cancel", "cancelled later"),
    (MASSIVE, "correction 10", "COR10", "cancel", "the cancel of an earlier print"),
    (MASSIVE, "correction 11", "COR11", "cancel", "the withdrawal of a mistake"),
    (MASSIVE, "correction 12", "COR12", "corrected", "the right form of an earlier print"),
    (ALPACA, "", "NONE", "regular", "a print without a condition"),
    (ALPACA, "canceled", "CANC", "cancel", "taken back later"),
    (ALPACA, "incorrect", "WRONG", "cancel", "corrected later, by another print"),
    (ALPACA, "corrected", "RIGHT", "corrected", "the right form of an earlier print"),
    (TICKS, "suspicious", "ODDONE", "suspicious", "AlgoSeek takes it for an odd one"),
)

# Its name here, its MIC, as it calls itself, the tapes' letters, Massive's id.
VENUES = (
    ("AMEX", "XASE", "NYSE American", "A", "1"),
    ("BX", "XBOS", "Nasdaq BX", "B", "2"),
    ("NATIONAL", "XCIS", "NYSE National", "C", "3"),
    ("FINRA", None, "FINRA's trade reporting facilities and ADF", "D", "4"),
    ("UTP", None, "Unlisted Trading Privileges", "E", "5"),
    ("ISE", "XISE", "International Securities Exchange, stocks", "I", "6"),
    ("EDGA", "EDGA", "Cboe EDGA", "J", "7"),
    ("EDGX", "EDGX", "Cboe EDGX", "K", "8"),
    ("CHICAGO", "XCHI", "NYSE Chicago, now NYSE Texas", "M", "9"),
    ("NYSE", "XNYS", "New York Stock Exchange", "N", "10"),
    ("ARCA", "ARCX", "NYSE Arca", "P", "11"),
    ("NASDAQ", "XNAS", "Nasdaq", "QT", "12"),
    ("CTA", None, "Consolidated Tape Association", "S", "13"),
    ("LTSE", "LTSE", "Long-Term Stock Exchange", "L", "14"),
    ("IEX", "IEXG", "Investors Exchange", "V", "15"),
    ("CBSX", "CBSX", "Cboe Stock Exchange", "W", "16"),
    ("PSX", "XPHL", "Nasdaq PSX", "X", "17"),
    ("BYX", "BATY", "Cboe BYX", "Y", "18"),
    ("BZX", "BATS", "Cboe BZX", "Z", "19"),
    ("PEARL", "EPRL", "MIAX Pearl", "H", "20"),
    ("MEMX", "MEMX", "Members Exchange", "U", "21"),
)


def pull(span: Span, http: Http) -> Iterator[Batch]:
    """Yield every code, whatever the span: a question sees only what held at its time."""
    yield "conditions", list(conditions())
    yield "venues", list(venues())


def conditions() -> Iterator[Row]:
    """Yield each condition under each code that a source has for it, tape by tape."""
    for name, trade_class, words, letter, tapes, number, bit in CONDITIONS:
        for feed, tape in product(OWN, tapes if letter else ()):
            yield condition(feed, tape, letter or "", name, trade_class, words)
        for feed, code in ((MASSIVE, number), (TICKS, bit)):
            if code:
                yield condition(feed, "any", code, name, trade_class, words)
    for feed, code, name, trade_class, words in WORDS:
        yield condition(feed, "any", code, name, trade_class, words)


def condition(feed: str, tape: str, code: str, name: str, trade_class: str, words: str) -> Row:
    """Return one row of conditions."""
    counts_volume, is_price_informative = CLASSES[trade_class]
    return {
        "source_feed": feed,
        "asset": "equity",
        "tape": tape,
        "condition": code,
        "name": name,
        "trade_class": trade_class,
        "is_iso": name == ISO,
        "is_floor": False,
        "counts_volume": counts_volume,
        "is_price_informative": is_price_informative,
        "meaning": words,
        "valid_from": ALWAYS,
        "known_at": BEGINNING,
    }


def venues() -> Iterator[Row]:
    """Yield each venue under each code that a source has for it."""
    for venue, mic, name, letters, number in VENUES:
        coded = [(feed, letter) for feed in (*OWN, TICKS) for letter in letters]
        others = OTHERS.get(venue, (mic,) if mic else ())
        for feed, code in [*coded, (MASSIVE, number), *((DATABENTO, code) for code in others)]:
            yield {
                "source_feed": feed,
                "asset": "equity",
                "venue_code": code,
                "venue": venue,
                "mic": mic,
                "name": name,
                "valid_from": ALWAYS,
                "known_at": BEGINNING,
            }
