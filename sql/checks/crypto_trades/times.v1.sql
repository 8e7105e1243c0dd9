-- what:     Crypto trades of a later number and an earlier moment, or known before they happened.
-- grain:    one row per trade
-- status:   live
-- every:    1h
-- severity: high
-- needs:    5m

with params as (
    select
        interval 2 seconds as max_back,  -- matching engines of one venue differ by less
        interval 1 minute as max_ahead  -- a recorder's clock may be behind
),

steps as (
    select
        *,
        lag(traded_at) over in_order as before_at
    from raw.crypto_trades
    where not is_gone
    window in_order as (partition by source, venue, pair, is_aggregate order by trade_id)
)

select
    'crypto_trades' as dataset,
    steps.venue || ':' || steps.pair as entity,
    steps.known_at,
    case
        when steps.traded_at > steps.known_at + params.max_ahead
            then 'it was matched after it was known'
        else 'its number is later than its moment'
    end as reason,
    to_json(struct_pack(
        source := steps.source, trade_id := steps.trade_id,
        traded_us := epoch_us(steps.traded_at), before_us := epoch_us(steps.before_at),
        known_us := epoch_us(steps.known_at)
    )) as evidence
from steps
cross join params
where
    steps.traded_at < steps.before_at - params.max_back
    or steps.traded_at > steps.known_at + params.max_ahead
