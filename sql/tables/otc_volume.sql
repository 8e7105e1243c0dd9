-- kind:       event
-- partition:  month
-- what:       Weekly volume of off-exchange trades, as FINRA publishes it weeks later.
-- grain:      one row per week, tier, kind of summary, symbol and who traded; totals and details
--             are rows beside each other, never to be added
-- key:        week_date, tier, summary_type, source_symbol, mpid, firm_crd, product_type, issuer

create table otc_volume (
    week_date date not null,  -- the Monday of the week of the trades
    tier text not null,  -- T1, T2: stocks of exchanges; OTCE: others; NA: the market as a whole
    summary_type text not null,  -- ATS_ or OTC_, W_ and SMBL_FIRM, SMBL, FIRM or VOL_STATS
    source_symbol text not null,  -- as FINRA spells it; empty where it is of no symbol
    symbol text,  -- our ticker
    issuer text not null,  -- as FINRA names it; empty where it is of no symbol
    mpid text not null,  -- the dark pool's id; empty where it is of none
    firm_crd text not null,  -- the firm's number, where it is no dark pool; else empty
    participant text,  -- the dark pool's or the firm's name
    product_type text not null,  -- the listing tape; empty where FINRA tells none
    volume decimal(20, 6) not null,  -- shares of the week
    n_trades bigint not null,  -- trades of the week
    value_usd decimal(28, 6),  -- what they were worth, where FINRA tells it
    published_date date,  -- when FINRA first published the row
    updated_date date,  -- when it last changed it
    reported_date date,  -- of the last trade report that is in it
    check (tier in ('T1', 'T2', 'OTCE', 'NA')),
    check (starts_with(summary_type, 'ATS_') or starts_with(summary_type, 'OTC_')),
    check (summary_type not like '%SMBL%' or source_symbol <> ''),
    check (extract(isodow from week_date) = 1),
    check (volume >= 0),
    check (n_trades >= 0),
    check (value_usd >= 0),
    check (updated_date >= published_date)
);
