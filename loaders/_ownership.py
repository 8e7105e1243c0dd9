"""An ownershipDocument, the XML of forms 3, 4 and 5, taken apart into rows."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from xml.etree.ElementTree import Element

from leadline.errors import FeedError
from leadline.feed import File, Row, meaning
from loaders._submission import Document, elements, local

FORMS = ("3", "3/A", "4", "4/A", "5", "5/A")
BOOLEANS = {"1": True, "true": True, "0": False, "false": False, "": None}
ACQUIRED = {"A": True, "D": False, "": None}
DIRECT = {"D": True, "I": False, "": None}
TABLES = {"nonDerivative": False, "derivative": True}  # and whether it is that of derivatives
PLAN = "10b5-1"  # 10b-5 alone is the rule against fraud

_NUMBER = re.compile(r"-?(\d{1,16}(\.\d*)?|\.\d+)", re.ASCII)


@dataclass(frozen=True)
class Ownership:
    """The rows of one form, which says itself neither its number nor when it was filed."""

    filing: Row
    owners: list[Row]
    transactions: list[Row]
    holdings: list[Row]
    signed_date: date | None  # the last of its signatures'


def ownership(file: File, part: Document) -> Ownership:
    """Read a document that holds one ownershipDocument."""
    for root in elements(file, part, "ownershipDocument"):
        return _Form(f"{file.origin}:{part.line}", root).read()
    raise FeedError(f"{file.origin}:{part.line}: XML without an ownershipDocument; leave it out")


@dataclass(frozen=True)
class _Form:
    where: str
    root: Element

    def read(self) -> Ownership:
        footnotes = {
            note.get("id", ""): " ".join("".join(note.itertext()).split())
            for note in self.root.iterfind("footnotes/footnote")
        }
        free = " ".join([*footnotes.values(), _text(self.root, "remarks") or ""])
        signed = [self.day(each, "signatureDate") for each in self.root.iterfind("ownerSignature")]
        return Ownership(
            self.filing() | {"is_10b5_1_footnote": PLAN in free.lower()},
            [self.owner(n, each) for n, each in self.numbered(["reportingOwner"])],
            [
                {**self.transaction(each), **_notes(each, footnotes), **placed}
                for placed, each in self.rows("Transaction")
            ],
            [
                {**self.holding(each), **_notes(each, footnotes), **placed}
                for placed, each in self.rows("Holding")
            ],
            max(filter(None, signed), default=None),
        )

    def filing(self) -> dict[str, Any]:
        root = self.root
        issuer = root.find("issuer")
        if issuer is None or not (cik := _text(issuer, "issuerCik")):
            raise FeedError(f"{self.where}: no issuerCik in it; fetch it again")
        form = _text(root, "documentType") or ""
        if form not in FORMS:
            raise FeedError(f"{self.where}: a form '{form}', and no 3, 4 or 5; leave it out")
        return {
            "form_type": form,
            "issuer_cik": cik.zfill(10),
            "issuer": _text(issuer, "issuerName"),
            "trading_symbol": _text(issuer, "issuerTradingSymbol"),
            "period_date": self.day(root, "periodOfReport"),
            "original_date": self.day(root, "dateOfOriginalSubmission"),
            "is_10b5_1": self.boolean(root, "aff10b5One"),
            "not_subject_to_section_16": self.boolean(root, "notSubjectToSection16") or False,
            "no_securities_owned": self.boolean(root, "noSecuritiesOwned") or False,
            "remarks": _text(root, "remarks"),
        }

    def owner(self, line: int, each: Element) -> Row:
        cik = _text(each, "reportingOwnerId/rptOwnerCik")
        if not cik:
            raise FeedError(f"{self.where}: a reportingOwner without rptOwnerCik; fetch it again")
        role = each.find("reportingOwnerRelationship")
        role = Element("none") if role is None else role
        return {
            "owner_cik": cik.zfill(10),
            "owner": _text(each, "reportingOwnerId/rptOwnerName"),
            # What is false is left out in newer forms.
            "is_director": self.boolean(role, "isDirector") or False,
            "is_officer": self.boolean(role, "isOfficer") or False,
            "is_ten_percent": self.boolean(role, "isTenPercentOwner") or False,
            "is_other": self.boolean(role, "isOther") or False,
            "title": _text(role, "officerTitle") or _text(role, "otherText"),
            "line": line,
        }

    def transaction(self, each: Element) -> dict[str, Any]:
        coding, amounts = "transactionCoding", "transactionAmounts"
        return self.held(each) | {
            "trans_date": self.day(each, "transactionDate"),
            "deemed_date": self.day(each, "deemedExecutionDate"),
            "trans_code": _text(each, f"{coding}/transactionCode"),
            "trans_form_type": _text(each, f"{coding}/transactionFormType"),
            "is_swap": self.boolean(each, f"{coding}/equitySwapInvolved"),
            "timeliness": _text(each, "transactionTimeliness"),
            "shares": self.number(each, f"{amounts}/transactionShares"),
            "total_value": self.number(each, f"{amounts}/transactionTotalValue"),
            "price": self.number(each, f"{amounts}/transactionPricePerShare"),
            "is_acquired": self.word(each, f"{amounts}/transactionAcquiredDisposedCode", ACQUIRED),
            "shares_after": self.number(each, "*/sharesOwnedFollowingTransaction"),
            "value_after": self.number(each, "*/valueOwnedFollowingTransaction"),
        }

    def holding(self, each: Element) -> dict[str, Any]:
        return self.held(each) | {
            "trans_form_type": _text(each, "transactionCoding/transactionFormType"),
            "shares": self.number(each, "*/sharesOwnedFollowingTransaction"),
            "value_held": self.number(each, "*/valueOwnedFollowingTransaction"),
        }

    def held(self, each: Element) -> dict[str, Any]:
        """Return what a transaction and a holding have in common."""
        return {
            "title": _text(each, "securityTitle"),
            "is_direct": self.word(each, "*/directOrIndirectOwnership", DIRECT),
            "nature": _text(each, "*/natureOfOwnership"),
            "exercise_price": self.number(each, "conversionOrExercisePrice"),
            "exercise_date": self.day(each, "exerciseDate"),
            "expiry_date": self.day(each, "expirationDate"),
            "underlying_title": _text(each, "*/underlyingSecurityTitle"),
            "underlying_shares": self.number(each, "*/underlyingSecurityShares"),
            "underlying_value": self.number(each, "*/underlyingSecurityValue"),
        }

    def rows(self, kind: str) -> Iterator[tuple[Row, Element]]:
        """Yield the transactions, or the holdings, of both tables, each with its place."""
        for table, is_derivative in TABLES.items():
            for line, each in self.numbered([f"{table}Table", f"{table}{kind}"]):
                yield {"is_derivative": is_derivative, "line": line}, each

    def numbered(self, path: Iterable[str]) -> Iterator[tuple[int, Element]]:
        return enumerate(self.root.iterfind("/".join(path)), start=1)

    def boolean(self, parent: Element, path: str) -> bool | None:
        return meaning(self.where, BOOLEANS, (_text(parent, path) or "").lower())

    def word(self, parent: Element, path: str, words: Mapping[str, bool | None]) -> bool | None:
        return meaning(self.where, words, (_text(parent, path) or "").upper())

    def number(self, parent: Element, path: str) -> Decimal | None:
        said = _text(parent, path)
        if said is not None and not _NUMBER.fullmatch(said):
            raise self.odd(path, said, "number")
        return None if said is None else Decimal(said)

    def day(self, parent: Element, path: str) -> date | None:
        """Return a day; what comes behind it is the offset of nobody's clock."""
        said = _text(parent, path)
        if said is None:
            return None
        try:
            return datetime.strptime(said[:10], "%Y-%m-%d").date()
        except ValueError as error:
            raise self.odd(path, said, "day") from error

    def odd(self, path: str, said: str, kind: str) -> FeedError:
        name = path.rpartition("/")[2]
        return FeedError(f"{self.where}: {name} is '{said[:40]}', no {kind}; fetch it again")


def _text(parent: Element, path: str) -> str | None:
    """Return what an element says, in its value or by itself; nothing where it is only a note."""
    found = parent.find(path)
    if found is None:
        return None
    value = found.find("value")
    said = " ".join(((found if value is None else value).text or "").split())
    return said or None


def _notes(each: Element, footnotes: Mapping[str, str]) -> Row:
    """Return the footnotes of a row, each once, F2 before F10."""
    ids = {said.get("id", "") for said in each.iter() if local(said) == "footnoteId"}
    named = sorted(ids - {""}, key=lambda name: (len(name), name))
    told = " ".join(footnotes[name] for name in named if footnotes.get(name))
    return {"footnote_ids": ", ".join(named) or None, "footnotes": told or None}
