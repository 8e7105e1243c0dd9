-- what:     Purchases and sales of shares by insiders without shares, price or direction.
-- grain:    one row per transaction and version
-- status:   live
-- every:    1d
-- severity: low
-- needs:    0s

with params as (
    select 2_000_000 as max_price_usd  -- no share has cost that much
),

judged as (
    select
        trades.*,
        case
            when trades.shares is null then 'it has no shares'
            when trades.is_acquired is null then 'it is neither acquired nor disposed of'
            when trades.price is null and trades.footnote_ids is null then 'it has no price'
            when trades.is_acquired = (trades.trans_code = 'S')
                then 'its code and its direction disagree'
            when trades.price > params.max_price_usd then 'a price of ' || trades.price
        end as odd
    from raw.insider_transactions as trades
    cross join params
    where not trades.is_gone and not trades.is_derivative and trades.trans_code in ('P', 'S')
)

select
    'insider_transactions' as dataset,
    accession_no as entity,
    known_at,
    odd as reason,
    to_json(struct_pack(
        line := line, trans_code := trans_code, shares := cast(shares as double),
        price := cast(price as double), is_acquired := is_acquired
    )) as evidence
from judged
where odd is not null
