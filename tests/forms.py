"""Forms 3, 4 and 5 as EDGAR files them: a header and an ownershipDocument."""

from functools import partial
from io import BytesIO
from typing import Any

from leadline.feed import Extract, File
from loaders import sec_ownership

NUMBER = "0001234567-23-000004"
BOUGHT = """
<nonDerivativeTransaction>
  <securityTitle><value>Common Stock</value><footnoteId id="F1"/></securityTitle>
  <transactionDate><value>2023-11-13</value></transactionDate>
  <transactionCoding>
    <transactionFormType>4</transactionFormType><transactionCode>P</transactionCode>
    <equitySwapInvolved>0</equitySwapInvolved>
  </transactionCoding>
  <transactionTimeliness></transactionTimeliness>
  <transactionAmounts>
    <transactionShares><value>1000</value></transactionShares>
    <transactionPricePerShare><value>20.125</value><footnoteId id="F2"/></transactionPricePerShare>
    <transactionAcquiredDisposedCode><value>A</value></transactionAcquiredDisposedCode>
  </transactionAmounts>
  <postTransactionAmounts>
    <sharesOwnedFollowingTransaction><value>5000</value></sharesOwnedFollowingTransaction>
  </postTransactionAmounts>
  <ownershipNature>
    <directOrIndirectOwnership><value>D</value></directOrIndirectOwnership>
  </ownershipNature>
</nonDerivativeTransaction>
"""
EXERCISED = """
<derivativeTransaction>
  <securityTitle><value>Option</value></securityTitle>
  <conversionOrExercisePrice><footnoteId id="F1"/></conversionOrExercisePrice>
  <transactionDate><value>2023-11-13-05:00</value></transactionDate>
  <transactionCoding>
    <transactionFormType>4</transactionFormType><transactionCode>M</transactionCode>
    <equitySwapInvolved>false</equitySwapInvolved>
  </transactionCoding>
  <transactionAmounts>
    <transactionTotalValue><value>400.5</value></transactionTotalValue>
    <transactionPricePerShare><footnoteId id="F2"/></transactionPricePerShare>
    <transactionAcquiredDisposedCode><value>D</value></transactionAcquiredDisposedCode>
  </transactionAmounts>
  <exerciseDate><footnoteId id="F1"/></exerciseDate>
  <expirationDate><value>2030-01-02</value></expirationDate>
  <underlyingSecurity>
    <underlyingSecurityTitle><value>Common Stock</value></underlyingSecurityTitle>
    <underlyingSecurityShares><value>100.5</value></underlyingSecurityShares>
  </underlyingSecurity>
  <ownershipNature>
    <directOrIndirectOwnership><value>I</value></directOrIndirectOwnership>
    <natureOfOwnership><value>By trust</value></natureOfOwnership>
  </ownershipNature>
</derivativeTransaction>
"""
HELD = """
<nonDerivativeHolding>
  <securityTitle><value>Common Stock</value></securityTitle>
  <postTransactionAmounts>
    <sharesOwnedFollowingTransaction><value>77</value></sharesOwnedFollowingTransaction>
  </postTransactionAmounts>
  <ownershipNature>
    <directOrIndirectOwnership><value>I</value></directOrIndirectOwnership>
    <natureOfOwnership><value>Spouse</value></natureOfOwnership>
  </ownershipNature>
</nonDerivativeHolding>
"""


def owner(cik: str = "1500001", name: str = "Doe Jane", role: str = "") -> str:
    """Return one who files it; his role is what its element holds."""
    return f"""<reportingOwner>
  <reportingOwnerId><rptOwnerCik>{cik}</rptOwnerCik><rptOwnerName>{name}</rptOwnerName>
  </reportingOwnerId>
  <reportingOwnerRelationship>{role or "<isDirector>1</isDirector>"}</reportingOwnerRelationship>
</reportingOwner>"""


def document(
    shares: str = BOUGHT,
    derivatives: str = "",
    *,
    form: str = "4",
    owners: str = "",
    more: str = "",
    end: str = "",
) -> str:
    """Return an ownershipDocument; `more` comes after its owners, `end` after its tables."""
    return f"""<?xml version="1.0"?>
<ownershipDocument>
  <schemaVersion>X0508</schemaVersion>
  <documentType>{form}</documentType>
  <periodOfReport>2023-11-13</periodOfReport>
  <issuer>
    <issuerCik>1600001</issuerCik><issuerName>Line &amp; Lead Inc</issuerName>
    <issuerTradingSymbol>NYSE:LNLD</issuerTradingSymbol>
  </issuer>
  {owners or owner()}
  {more}
  <nonDerivativeTable>{shares}</nonDerivativeTable>
  <derivativeTable>{derivatives}</derivativeTable>
  <footnotes>
    <footnote id="F1">Bought
      together.</footnote>
    <footnote id="F2">From $20.01 to $20.20.</footnote>
  </footnotes>
  {end or "<remarks/>"}
  <ownerSignature><signatureName>/s/ J</signatureName><signatureDate>2023-11-14</signatureDate>
  </ownerSignature>
</ownershipDocument>"""


def submission(
    xml: str, *, form: str = "4", number: str = NUMBER, accepted: str | None = "20231114183000"
) -> str:
    """Return a whole submission of a form."""
    return f"""<SEC-DOCUMENT>{number}.txt : 20231114
<SEC-HEADER>{number}.hdr.sgml : 20231114
{f"<ACCEPTANCE-DATETIME>{accepted}" if accepted else ""}
ACCESSION NUMBER:\t\t{number}
CONFORMED SUBMISSION TYPE:\t{form}
PUBLIC DOCUMENT COUNT:\t\t1
CONFORMED PERIOD OF REPORT:\t20231113
FILED AS OF DATE:\t\t20231114

REPORTING-OWNER:

\tOWNER DATA:\t
\t\tCOMPANY CONFORMED NAME:\t\t\tDoe Jane
\t\tCENTRAL INDEX KEY:\t\t\t1500001
</SEC-HEADER>
<DOCUMENT>
<TYPE>{form}
<SEQUENCE>1
<FILENAME>form4.xml
<TEXT>
<XML>
{xml}
</XML>
</TEXT>
</DOCUMENT>
</SEC-DOCUMENT>
"""


def tagged(xml: str) -> str:
    """Return a submission of tags, in two lines."""
    flat = " ".join(xml.split())
    return (
        f"<SUBMISSION>\n<ACCESSION-NUMBER>{NUMBER}<TYPE>4<PUBLIC-DOCUMENT-COUNT>1<PERIOD>20231113"
        "<FILING-DATE>20231114<REPORTING-OWNER><OWNER-DATA><CONFORMED-NAME>Doe Jane<CIK>0001500001"
        "</OWNER-DATA></REPORTING-OWNER><DOCUMENT><TYPE>4<SEQUENCE>1<FILENAME>a.xml<TEXT>"
        f"<XML>{flat}</XML></TEXT></DOCUMENT></SUBMISSION>\n"
    )


def file(text: str, name: str = f"{NUMBER}.txt") -> File:
    """Return a file of this text."""
    return File(name, name, partial(BytesIO, text.encode()))


def told(text: str, name: str = f"{NUMBER}.txt") -> dict[str, list[dict[str, Any]]]:
    """Return what the loader reads out of a file, by dataset, but for its text."""
    found: dict[str, list[dict[str, Any]]] = {}
    for dataset, rows in sec_ownership.rows(file(text, name)):
        assert isinstance(rows, Extract)
        if dataset == "filing_texts":
            continue
        found[dataset] = [dict(row) for row in rows.rows]
    return found
