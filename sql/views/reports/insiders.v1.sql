-- what:    Trades of insiders as they stand, the newest first: who, what, for how much, by a plan?
-- grain:   one row per transaction of shares that stands at the span's end
-- status:  live
-- needs:   0s

select
    told.ticker,
    told.issuer,
    told.owner,
    told.owner_title,
    told.is_director,
    told.is_officer,
    told.is_ten_percent,
    told.trans_date,
    told.known_at,
    told.filing_lag_days,
    told.is_late_filing,
    told.trans_code,
    told.insider_class,
    told.side,
    cast(told.shares as double) as shares,
    cast(told.price as double) as price,  -- USD a share
    told.value_usd,
    cast(told.shares_after as double) as shares_after,  -- held after it in the same way
    told.is_10b5_1,
    told.is_discretionary,
    told.is_exercise_sale,
    told.is_signal,
    trades.habit,
    trades.is_price_odd,
    told.form_type,
    told.cik,
    told.owner_cik,
    told.accession_no,
    told.line,
    told.is_direct  -- held by the insider; false: by a trust, a family member
from curated.insider_transactions as told
left join features.insider_trades as trades
    on
        told.accession_no = trades.accession_no
        and told.line = trades.line
        and told.known_at = trades.known_at
where told.withdrawn_at is null
order by told.known_at desc, told.accession_no asc, told.line asc
