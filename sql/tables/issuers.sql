-- kind:       state
-- partition:  none
-- what:       Which tickers an issuer has, by its number at the SEC.
-- grain:      one row per issuer and ticker
-- key:        cik, ticker

create table issuers (
    cik text not null,  -- ten digits
    ticker text not null,  -- in our spelling, BRK.B
    issuer text,  -- its name, as EDGAR has it
    exchange text,  -- where the ticker is listed, in the SEC's words; null where it is not said
    check (regexp_full_match(cik, '\d{10}')),
    check (ticker <> '')
);
