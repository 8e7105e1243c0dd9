-- what:     Trades of insiders that were done after they were told, or decades before.
-- grain:    one row per transaction and version
-- status:   live
-- every:    1d
-- severity: medium
-- needs:    0s

with params as (
    select 3_650 as max_days  -- a form that is ten years late has a slip in its year
)

select
    'insider_transactions' as dataset,
    trades.accession_no as entity,
    trades.known_at,
    'done on ' || trades.trans_date || ', told on ' || trades.known_date as reason,
    to_json(struct_pack(
        line := trades.line, is_derivative := trades.is_derivative,
        trans_date := trades.trans_date, trans_code := trades.trans_code
    )) as evidence
from raw.insider_transactions as trades
cross join params
where
    not trades.is_gone
    and (
        trades.trans_date > trades.known_date
        or trades.known_date - trades.trans_date > params.max_days
    )
