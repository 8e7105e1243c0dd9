-- kind:       state
-- partition:  month
-- what:       Rows of Form 13F information tables, as filed.
-- grain:      one row per filing and line of its table
-- key:        accession_no, line

create table holdings (
    accession_no text not null,  -- the filing
    line bigint not null,  -- the row's place in the table, from 1
    issuer text not null,  -- as the filer spells it
    class_title text not null,  -- COM, CL A, NOTE 1.000% 9/1
    cusip text not null,  -- nine characters; of the underlying for options
    figi text,  -- where the filer gives one
    put_call text,  -- put or call; null for the security itself
    share_type text not null,  -- SH shares, PRN principal in USD
    shares decimal(20, 0) not null,  -- shares, or principal in USD
    value_reported decimal(20, 0) not null,  -- as filed, in dollars or thousands
    discretion text,  -- SOLE, DFND or OTR
    other_managers text,  -- sequence numbers of included managers, as filed
    voting_sole decimal(20, 0),  -- shares voted alone
    voting_shared decimal(20, 0),  -- shares voted with others
    voting_none decimal(20, 0),  -- shares without a vote
    check (length(cusip) = 9),
    check (put_call in ('put', 'call')),
    check (share_type in ('SH', 'PRN')),
    check (shares >= 0),
    check (value_reported >= 0)
);
