-- what:    How much order-flow imbalance bars of each hour had, for holding later ones against it.
-- grain:   one row per venue, pair, length of bars, hour and bin of ofi
-- status:  live
-- keep:    partials, rolling 1h
-- needs:   0s

with params as (
    select
        1e-9 as smallest,  -- base units; sizes have eight decimals
        20 as bins_a_unit  -- of ln |ofi|: what shares a bin differs by 5 %, so a MAD errs by less
),

binned as (
    select
        bars.*,
        date_trunc('hour', bars.bar_at) as hour_at,
        case
            when bars.ofi = 0 then 0
            else
                sign(bars.ofi)
                * floor(round(params.bins_a_unit * ln(abs(bars.ofi) / params.smallest), 6))
        end as bin
    from features.book_flow_bars as bars
    cross join params
)

select
    venue,
    pair,
    length_s,  -- seconds that a bar lasts: 1 or 10
    known_date,  -- the UTC day of the hour
    hour_at,  -- the hour's begin
    cast(bin as bigint)
        as bin,  -- twentieths of ln |ofi| above a billionth, negative below 0; 0 is no flow
    count(*) as n_bars,  -- bars of this length with such a flow
    sum(cast(ofi as decimal(28, 8))) as sum_ofi,  -- base units, of all of them
    max(known_at) as known_at
from binned
group by venue, pair, length_s, known_date, hour_at, bin
