"""Form 13F submissions as EDGAR files them: a header, a cover page, a table in between."""

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from leadline.store import Store
from tests.stores import ask

Line = Mapping[str, object]
NUMBER = "0001234567-23-000001"
APPLE: Line = {"cusip": "037833100", "value": 17_120, "shares": 100}
PAGE = "<!DOCTYPE html>\n<html><head>\n<title>SEC.gov | {}</title>\n</head><body>no</body></html>"
TABLE = "http://www.sec.gov/edgar/document/thirteenf/informationtable"


def submission(
    number: str,
    table: str | None,
    *,
    cik: str = "1234567",
    manager: str = "Lead &amp; Line LLC",
    form: str = "13F-HR",
    period_end: date = date(2023, 9, 30),
    filed: str = "20231114",
    accepted: str | None = "20231114093854",
    amendment: str | None = None,
    n_entries: int = 1,
    total: int = 1,
) -> str:
    """Return a whole submission; `amendment` is what its cover page says of it, in XML."""
    report = "13F NOTICE" if form.startswith("13F-NT") else "13F HOLDINGS REPORT"
    summary = f"""<summaryPage>
      <otherIncludedManagersCount>0</otherIncludedManagersCount>
      <tableEntryTotal>{n_entries}</tableEntryTotal>
      <tableValueTotal>{total}</tableValueTotal>
    </summaryPage>"""
    cover = f"""<?xml version="1.0" encoding="UTF-8"?>
<edgarSubmission xmlns="http://www.sec.gov/edgar/thirteenffiler">
  <headerData><submissionType>{form}</submissionType></headerData>
  <formData>
    <coverPage>
      <reportCalendarOrQuarter>{period_end:%m-%d-%Y}</reportCalendarOrQuarter>
      {amendment or ""}
      <filingManager><name>{manager}</name></filingManager>
      <reportType>{report}</reportType>
      <otherManagersInfo><otherManager><name>Another</name></otherManager></otherManagersInfo>
    </coverPage>
    <signatureBlock><name>A Person</name></signatureBlock>
    {summary if table is not None else ""}
  </formData>
</edgarSubmission>"""
    documents = [document(form, cover)]
    if table is not None:
        documents.append(document("INFORMATION TABLE", table))
    header = f"""<SEC-DOCUMENT>{number}.txt : {filed}
<SEC-HEADER>{number}.hdr.sgml : {filed}
{f"<ACCEPTANCE-DATETIME>{accepted}" if accepted else ""}
ACCESSION NUMBER:\t\t{number}
CONFORMED SUBMISSION TYPE:\t{form}
PUBLIC DOCUMENT COUNT:\t\t{len(documents)}
CONFORMED PERIOD OF REPORT:\t{period_end:%Y%m%d}
FILED AS OF DATE:\t\t{filed}

FILER:

\tCOMPANY DATA:\t
\t\tCOMPANY CONFORMED NAME:\t\t\t{manager}
\t\tCENTRAL INDEX KEY:\t\t\t{cik}
</SEC-HEADER>
"""
    return header + "".join(documents) + "</SEC-DOCUMENT>\n"


def document(kind: str, xml: str) -> str:
    """Return one document of a submission."""
    return f"""<DOCUMENT>
<TYPE>{kind}
<SEQUENCE>1
<FILENAME>file.xml
<TEXT>
<XML>
{xml}
</XML>
</TEXT>
</DOCUMENT>
"""


def table(lines: Sequence[Line], prefix: str = "") -> str:
    """Return an information table; each line is cusip, value, shares, and what else is said."""
    name = f"{prefix}:" if prefix else ""
    said = "".join(entry(line, name) for line in lines)
    space = f"xmlns:{prefix}" if prefix else "xmlns"
    return f'<{name}informationTable {space}="{TABLE}">{said}</{name}informationTable>'


def entry(line: Line, name: str = "") -> str:
    """Return one line of a table."""
    held = {"issuer": "APPLE INC", "class_title": "COM", "share_type": "SH", **line}
    option = f"<{name}putCall>{held['put_call']}</{name}putCall>" if "put_call" in held else ""
    return f"""
  <{name}infoTable>
    <{name}nameOfIssuer>{held["issuer"]}</{name}nameOfIssuer>
    <{name}titleOfClass>{held["class_title"]}</{name}titleOfClass>
    <{name}cusip>{held["cusip"]}</{name}cusip>
    <{name}value>{held["value"]}</{name}value>
    <{name}shrsOrPrnAmt>
      <{name}sshPrnamt>{held["shares"]}</{name}sshPrnamt>
      <{name}sshPrnamtType>{held["share_type"]}</{name}sshPrnamtType>
    </{name}shrsOrPrnAmt>
    {option}
    <{name}investmentDiscretion>SOLE</{name}investmentDiscretion>
    <{name}votingAuthority>
      <{name}Sole>1</{name}Sole><{name}Shared>2</{name}Shared><{name}None>3</{name}None>
    </{name}votingAuthority>
  </{name}infoTable>"""


ONE = table([APPLE])


def written(folder: Path, text: str, name: str = f"{NUMBER}.txt", encoding: str = "utf-8") -> Path:
    """Write a submission; return its path."""
    (folder / name).write_bytes(text.encode(encoding))
    return folder / name


def filings(store: Store) -> list[dict[str, Any]]:
    """Return the filings of a store."""
    return ask(store.place, "raw.filings")


def holdings(store: Store) -> list[dict[str, Any]]:
    """Return the holdings of a store, in the order of their lines."""
    return sorted(ask(store.place, "raw.holdings"), key=lambda row: row["line"])
