-- what:    How many trades of which sizes a pair had on a day, for tests on made-up volume.
-- grain:   one row per venue, pair, UTC day of known_at, hundredth of ln(size), first digit and
--          number of zeros that the size ends with, in units of 1e-8
-- status:  live
-- keep:    partials
-- needs:   0s

with params as (
    select
        100_000_000 as units,  -- a size has eight decimals at most
        3 as min_digits,  -- sizes of one or two digits meet by chance; a guess
        interval 1 second as max_repeat  -- who trades with itself waits no longer; a guess
),

prints as (
    select
        prints.*,
        params.min_digits, params.max_repeat,
        cast(cast(prints.size * params.units as decimal(38, 0)) as text) as digits,
        ln(cast(prints.size as double)) as ln_size
    from features.crypto_prints as prints
    cross join params
    where prints.size > 0
),

told as (
    select
        *,
        length(rtrim(digits, '0')) as n_digits,
        side <> lag(side) over in_order
        and size = lag(size) over in_order
        and known_at - lag(known_at) over in_order <= max_repeat as is_repeat
    from prints
    window
        in_order as (
            partition by venue, pair, known_date order by known_at, is_aggregate, sequence, trade_id
        )
)

select
    venue,
    pair,
    known_date,  -- the UTC day of these trades
    cast(floor(round(100 * ln_size, 6)) as bigint) as size_bin,  -- hundredths of ln(size)
    cast(substr(digits, 1, 1) as bigint) as first_digit,  -- of the size
    length(digits) - n_digits as n_zeros,  -- at the end of the size, in units of 1e-8
    max(known_at) as known_at,
    count(*) as n_trades,  -- trades, or aggregates where only those are told
    sum(case when n_digits >= min_digits then 1 else 0 end)
        as n_fine,  -- trades whose size has three digits or more
    sum(case when n_digits >= min_digits and is_repeat then 1 else 0 end)
        as n_repeats,  -- of these, the trade before had the same size and the other side
    min(size) as min_size,  -- base units
    sum(cast(round(ln_size, 9) as decimal(18, 9))) as sum_ln_size  -- ln(size) of all added up
from told
group by
    venue, pair, known_date, cast(floor(round(100 * ln_size, 6)) as bigint),
    cast(substr(digits, 1, 1) as bigint), length(digits) - n_digits
