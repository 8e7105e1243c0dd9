-- what:     CUSIPs that have two tickers at once by one source.
-- grain:    one row per CUSIP, source and later ticker
-- status:   live
-- every:    1d
-- severity: medium
-- needs:    0s

with stood as (
    select *
    from raw.securities
    window
        same_row as (
            partition by source, cusip, valid_from order by known_at, recorded_at, load_id
        )
    qualify lead(known_at) over same_row is null
),

steps as (
    select
        *,
        lag(ticker) over in_order as before_ticker,
        lag(valid_from) over in_order as before_from,
        lag(valid_to) over in_order as before_to
    from stood
    where not is_gone
    window in_order as (partition by source, cusip order by valid_from)
)

select
    'securities' as dataset,
    'cusip:' || cusip as entity,
    known_at,
    'it is ' || ticker || ' from ' || valid_from || ' and was ' || before_ticker || ' to '
    || before_to as reason,
    to_json(struct_pack(
        source := source, ticker := ticker, before_ticker := before_ticker,
        valid_from := valid_from, before_from := before_from, before_to := before_to
    )) as evidence
from steps
where before_to > valid_from and ticker <> before_ticker
