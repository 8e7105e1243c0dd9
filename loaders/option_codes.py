"""What codes of option prints mean, and which roots are no plain tickers; no source is asked.

Source: OPRA's sale conditions and participants as public vendors list them, Massive's numbering of
    them, Cboe DataShop's own list of exchange and condition ids, Databento's publisher ids.
Limits: what has no code here stays without a class, so that nobody takes it for an ordinary print:
    DataShop's ids of MEMX and MIAX Sapphire, and the letters of MX2 and IEX, are not known.
Quirks: a code table is a rule, so known_at is 1970-01-01Z; since when a code is in use is unknown
    but for mini options, whose dates are unverified, so valid_from is 1970-01-01 too; Massive
    numbers a condition 200 and its letter's place, a to z after A to Z, and a venue 300 and the
    place (S and U by that rule, unverified); K to R, T and X are of OPRA's older list (unverified);
    DataShop counts as Livevol does: to 113 as Theta Data, from 114 on in an order of its own, which
    differs from Theta's 125 to 148 (its exchange ids are in a copy of Cboe's list, its condition
    ids in public code for Livevol with the same names and exchange ids); its 2, 6, 7 and 13 are
    OPRA's late reports by their names (unverified); a print on adjusted terms, one that was
    stopped, one exempt from a trade-through and a benchmark print are single prints of one
    contract that trade like others, hence regular, a benchmark's price says little of the
    moment; Databento sends no conditions, so that all its prints count as regular, legs of
    packages among them; Deribit's words are its loader's: what is negotiated off the book is a
    cross, and a taker's liquidation nobody's intent; roots hold as they are now, XSP was settled
    in the morning once.
"""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from string import ascii_lowercase, ascii_uppercase

from leadline.clock import BEGINNING
from leadline.feed import Batch, Feed, Http, Row, Span

FEED = Feed(writes=("conditions", "venues", "option_roots"), step=0)

ALWAYS = date(1970, 1, 1)
LETTERS = ascii_uppercase + ascii_lowercase

# OPRA's letter, its mnemonic, DataShop's id, how detectors take it, in words.
CONDITIONS = (
    ("A", "CANC", "40", "cancel", "cancels an earlier print, neither the last nor the opening one"),
    ("B", "OSEQ", "2", "late", "reported late and out of sequence"),
    ("C", "CNCL", "41", "cancel", "cancels the last print"),
    ("D", "LATE", "13", "late", "reported late, in sequence"),
    ("E", "CNCO", "42", "cancel", "cancels the opening print"),
    ("F", "OPEN", "6", "late", "late report of the opening print, out of sequence"),
    ("G", "CNOL", "43", "cancel", "cancels the only print of the day"),
    ("H", "OPNL", "7", "late", "late report of the opening print, in sequence"),
    ("I", "AUTO", "18", "regular", "executed electronically"),
    ("J", "REOP", "21", "regular", "reopening after a halt"),
    ("K", "AJST", "34", "regular", "on adjusted terms of the contract"),
    ("L", "SPRD", "35", "multi_leg", "leg of a spread"),
    ("M", "STDL", "36", "multi_leg", "leg of a straddle"),
    ("N", "STPD", "39", "regular", "stopped at a price"),
    ("O", "CSTP", "44", "cancel", "cancels a stopped print"),
    ("P", "BWRT", "37", "multi_leg", "leg of a buy-write"),
    ("Q", "CMBO", "38", "multi_leg", "leg of a combination"),
    ("R", "SPIM", "106", "regular", "stopped in the market"),
    ("S", "ISOI", "95", "regular", "intermarket sweep order"),
    ("T", "BNMK", "107", "regular", "benchmark trade, its price not of the moment"),
    ("X", "XMPT", "108", "regular", "exempt from the rule on trade-throughs"),
    ("a", "SLAN", "114", "auction", "single leg, auction"),
    ("b", "SLAI", "115", "auction", "single leg, auction, intermarket sweep order"),
    ("c", "SLCN", "116", "cross", "single leg, cross"),
    ("d", "SLCI", "117", "cross", "single leg, cross, intermarket sweep order"),
    ("e", "SLFT", "118", "floor", "single leg, on the floor"),
    ("f", "MLET", "119", "multi_leg", "several legs, electronic"),
    ("g", "MLAT", "120", "multi_leg", "several legs, auction"),
    ("h", "MLCT", "121", "multi_leg", "several legs, cross"),
    ("i", "MLFT", "122", "multi_leg", "several legs, on the floor"),
    ("j", "MESL", "123", "multi_leg", "several legs, electronic against single legs"),
    ("k", "TLAT", "124", "stock_tied", "legs and stock, auction"),
    ("l", "MASL", "125", "multi_leg", "several legs, auction against single legs"),
    ("m", "MFSL", "126", "multi_leg", "several legs, on the floor against single legs"),
    ("n", "TLET", "127", "stock_tied", "legs and stock, electronic"),
    ("o", "TLCT", "128", "stock_tied", "legs and stock, cross"),
    ("p", "TLFT", "129", "stock_tied", "legs and stock, on the floor"),
    ("q", "TESL", "130", "stock_tied", "legs and stock, electronic against single legs"),
    ("r", "TASL", "131", "stock_tied", "legs and stock, auction against single legs"),
    ("s", "TFSL", "132", "stock_tied", "legs and stock, on the floor against single legs"),
    ("t", "CBMO", "133", "multi_leg", "several legs of a proprietary product, on the floor"),
    ("u", "MCTP", "136", "administrative", "compression among many, off the market's price"),
    ("v", "EXHT", "137", "extended", "outside regular hours"),
)
ISO = "Sbd"
FLOOR = "eimpst"

# Words that are no letters of OPRA's: feed, code, mnemonic, class, in words.
WORDS = (
    ("datashop_trades", "0", "REG", "regular", "a print without a condition"),
    ("databento_options", "", "NONE", "regular", "a print of a source that sends no conditions"),
    ("deribit_options", "book", "BOOK", "regular", "traded in the order book"),
    ("deribit_options", "combo", "COMBO", "multi_leg", "leg of a combo"),
    ("deribit_options", "block", "BLOCK", "cross", "negotiated off the book"),
    ("deribit_options", "block rfq", "BLOCKR", "cross", "negotiated on request"),
    ("deribit_options", "rfq", "RFQ", "cross", "negotiated on request"),
    ("deribit_options", "block combo", "BLOCKC", "multi_leg", "leg of a block of several"),
    ("deribit_options", "block rfq combo", "BLOCKRC", "multi_leg", "leg, on request"),
    ("deribit_options", "rfq combo", "RFQC", "multi_leg", "leg, on request"),
)
# Whose position was closed by force; where the taker's was, the print tells no intent.
LIQUIDATED = {"M": None, "T": "administrative", "MT": "administrative"}

# Its name here, its MIC, as it calls itself, OPRA's letter, DataShop's id, Databento's id.
VENUES = (
    ("AMEX", "AMXO", "NYSE American Options", "A", "4", "20"),
    ("BOX", "XBOX", "BOX Options", "B", "11", "21"),
    ("CBOE", "XCBO", "Cboe Options", "C", "5", "22"),
    ("EMERALD", "EMLD", "MIAX Emerald", "D", "71", "23"),
    ("EDGX", "EDGO", "Cboe EDGX Options", "E", "65", "24"),
    ("GEMX", "GMNI", "Nasdaq GEMX", "H", "31", "25"),
    ("ISE", "XISX", "Nasdaq ISE", "I", "6", "26"),
    ("MRX", "MCRY", "Nasdaq MRX", "J", "22", "27"),
    ("MIAX", "XMIO", "MIAX Options", "M", "43", "28"),
    ("ARCA", "ARCO", "NYSE Arca Options", "N", "7", "29"),
    ("OPRA", None, "Options Price Reporting Authority", "O", None, "30"),
    ("PEARL", "MPRL", "MIAX Pearl", "P", "69", "31"),
    ("NOM", "XNDQ", "Nasdaq Options Market", "Q", "1", "32"),
    ("SAPPHIRE", "SPHR", "MIAX Sapphire", "S", None, "61"),
    ("BX", "XBXO", "Nasdaq BX Options, now Nasdaq Texas", "T", "47", "33"),
    ("MEMX", "MXOP", "MEMX Options", "U", None, "37"),
    ("C2", "C2OX", "Cboe C2 Options", "W", "42", "34"),
    ("PHLX", "XPHO", "Nasdaq PHLX", "X", "9", "35"),
    ("BZX", "BATO", "Cboe BZX Options", "Z", "60", "36"),
    ("MX2", "MXTO", "MEMX MX2 Options", None, None, "108"),
    ("IEX", "IEXO", "IEX Options", None, None, "109"),
)
BY_LETTER = "sample_option_trades"

# Root, underlying, units, style, settlement.
INDICES = (
    ("SPX", "SPX", 100, "european", "am"),
    ("SPXW", "SPX", 100, "european", "pm"),
    ("SPXPM", "SPX", 100, "european", "pm"),
    ("XSP", "XSP", 100, "european", "pm"),
    ("NDX", "NDX", 100, "european", "am"),
    ("NDXP", "NDX", 100, "european", "pm"),
    ("RUT", "RUT", 100, "european", "am"),
    ("RUTW", "RUT", 100, "european", "pm"),
    ("VIX", "VIX", 100, "european", "am"),
    ("VIXW", "VIX", 100, "european", "am"),
    ("DJX", "DJX", 100, "european", "am"),
    ("OEX", "OEX", 100, "american", "pm"),
    ("XEO", "OEX", 100, "european", "pm"),
)
CLASS_SHARES = ("BRK.A", "BRK.B", "BF.A", "BF.B", "RDS.A", "RDS.B", "LGF.A", "LGF.B", "MOG.A")
MINIS = ("AAPL", "AMZN", "GLD", "GOOG", "SPY")
MINIS_SINCE, MINIS_UNTIL = date(2013, 3, 18), date(2014, 12, 20)


def pull(span: Span, http: Http) -> Iterator[Batch]:
    """Yield every code, whatever the span: a question sees only what held at its time."""
    yield "conditions", [*lettered(), *worded()]
    yield "venues", list(venues())
    yield "option_roots", list(roots())


def lettered() -> Iterator[Row]:
    """Yield OPRA's conditions under each code that a source has for them."""
    for letter, name, shop, trade_class, words in CONDITIONS:
        coded = {
            BY_LETTER: letter,
            "massive_option_trades": str(201 + LETTERS.index(letter)),
            "datashop_trades": shop,
        }
        for feed, code in coded.items():
            yield condition(feed, code, name, trade_class, words, letter)


def worded() -> Iterator[Row]:
    """Yield the conditions that OPRA has no letter for."""
    for feed, code, name, trade_class, words in WORDS:
        yield condition(feed, code, name, trade_class, words)
        for whose, forced in LIQUIDATED.items() if feed == "deribit_options" else ():
            own = f"{words}, a liquidation of {whose}"
            yield condition(feed, f"{code} liquidation {whose}", name, forced or trade_class, own)


def condition(
    feed: str, code: str, name: str, trade_class: str, words: str, letter: str = "-"
) -> Row:
    """Return one row of conditions."""
    return {
        "source_feed": feed,
        "asset": "option",
        "tape": "any",
        "condition": code,
        "name": name,
        "trade_class": trade_class,
        "is_iso": letter in ISO,
        "is_floor": letter in FLOOR,
        "meaning": words,
        "valid_from": ALWAYS,
        "known_at": BEGINNING,
    }


def venues() -> Iterator[Row]:
    """Yield each venue under each code that a source has for it."""
    for venue, mic, name, letter, shop, publisher in VENUES:
        massive = str(300 + ascii_uppercase.index(letter)) if letter else None
        coded = {
            BY_LETTER: letter,
            "massive_option_trades": massive,
            "datashop_trades": shop,
            "databento_options": publisher,
        }
        for feed, code in coded.items():
            if code is not None:
                yield venue_row(feed, code, venue, mic, name)
    yield venue_row("deribit_options", "deribit", "DERIBIT", None, "Deribit")


def venue_row(feed: str, code: str, venue: str, mic: str | None, name: str) -> Row:
    """Return one row of venues."""
    return {
        "source_feed": feed,
        "asset": "option",
        "venue_code": code,
        "venue": venue,
        "mic": mic,
        "name": name,
        "valid_from": ALWAYS,
        "known_at": BEGINNING,
    }


def roots() -> Iterator[Row]:
    """Yield the roots that are no plain ticker with 100 shares."""
    for index in INDICES:
        yield root_row(*index)
    for share in CLASS_SHARES:
        yield root_row(share.replace(".", ""), share, 100, "american", "pm")
    for share in MINIS:
        mini = root_row(f"{share}7", share, 10, "american", "pm")
        yield {**mini, "valid_from": MINIS_SINCE, "valid_to": MINIS_UNTIL}


def root_row(root: str, underlying: str, units: int, style: str, settlement: str) -> Row:
    """Return one row of option_roots that always holds."""
    return {
        "root": root,
        "underlying": underlying,
        "multiplier": Decimal(units),
        "exercise_style": style,
        "settlement": settlement,
        "valid_from": ALWAYS,
        "valid_to": None,
        "known_at": BEGINNING,
    }
