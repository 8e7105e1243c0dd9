-- what:    Prints of several options that came as one: which they are, not what they make.
-- grain:   one row per package, once its run is over; a print that was reported over a second
--          late, or cancelled by then, is in none
-- status:  live
-- needs:   3s

with params as (
    select
        interval 1 millisecond as same_moment,  -- a venue prints at once what it fills; a guess
        interval 50 milliseconds as max_gap,  -- rule book A15
        interval 200 milliseconds as max_span,  -- what goes on for longer is many orders; a guess
        interval 1 second as max_report_delay,  -- as of sweeps; a guess
        10 as min_inferred_size,  -- contracts; smaller prints of one size meet by chance; a guess
        6 as max_legs  -- rule book A15
),

-- What may be a leg: named by its source, told by its code, or large enough to be taken for one.
prints as (
    select
        prints.underlying, prints.venue, prints.contract, prints.traded_at,
        prints.sequence, prints.session_date, prints.expiration, prints.strike, prints.put_call,
        prints.size, prints.premium_usd, prints.multiplier, prints.underlying_price,
        prints.delta, prints.side_told,
        params.same_moment, params.max_gap, params.max_span,
        prints.venue || ':' || prints.trade_id as print_id,
        cast(
            cast(2 * prints.price - (prints.bid + prints.ask) as double) / 2
            * cast(prints.size as double) * cast(prints.multiplier as double) as decimal(28, 6)
        ) as edge_usd,
        case
            when prints.block_id is not null then 'block ' || prints.block_id
            when prints.opt_trade_class in ('multi_leg', 'stock_tied') then prints.opt_trade_class
            else 'size'
        end as told_by
    from curated.option_prints as prints
    cross join params
    where
        prints.known_at <= prints.traded_at + params.max_report_delay
        and coalesce(prints.withdrawn_at > prints.traded_at + params.max_report_delay, true)
        and (
            prints.opt_trade_class in ('multi_leg', 'stock_tied')
            or (
                prints.opt_trade_class in ('regular', 'auction')
                and prints.size >= params.min_inferred_size
            )
            or (
                prints.block_id is not null
                and coalesce(prints.opt_trade_class not in ('cancel', 'administrative'), true)
            )
        )
),

-- Equal times change nothing here, whatever their order.
steps as (
    select
        *,
        coalesce(lag(traded_at) over in_order + same_moment < traded_at, true) as starts_moment,
        coalesce(lag(traded_at) over in_order + max_gap < traded_at, true) as starts_run,
        coalesce(lead(traded_at) over in_order > traded_at + max_gap, true) as ends_run
    from prints
    window in_order as (partition by underlying, venue, told_by order by traded_at, sequence)
),

-- A leg alone is no package, unless its other leg is stock.
placed as (
    select
        *,
        max(case when starts_moment then traded_at end) over in_order as moment_at,
        max(case when starts_run then traded_at end) over in_order as run_at
    from steps
    where told_by = 'stock_tied' or not (starts_run and ends_run)
    window in_order as (partition by underlying, venue, told_by order by traded_at, sequence)
),

-- A moment behind its run's span is a run of its own, so that none lasts forever.
bounded as (
    select
        *,
        case when moment_at > run_at + max_span then moment_at else run_at end as began_at
    from placed
    where traded_at <= moment_at + max_gap
),

moments as (
    select
        underlying, venue, told_by, began_at, moment_at,
        max(traded_at) as ended_at,
        told_by = 'stock_tied' or (told_by not like 'block %' and min(contract) < max(contract))
            as is_whole
    from bounded
    group by underlying, venue, told_by, began_at, moment_at
),

runs as (
    select
        *,
        max(ended_at) over (partition by underlying, venue, told_by, began_at) as run_ended_at
    from moments
),

-- The prints of a moment belong together; those alone in theirs, with others alone in the run.
parts as (
    select
        bounded.*,
        runs.run_ended_at, runs.is_whole,
        case when runs.is_whole then bounded.moment_at else bounded.began_at end as part_at
    from bounded
    inner join runs
        on
            bounded.underlying = runs.underlying
            and bounded.venue = runs.venue
            and bounded.told_by = runs.told_by
            and bounded.moment_at = runs.moment_at
),

sets as (
    select
        underlying, venue, told_by, began_at, is_whole, part_at,
        list_sort(list(distinct contract)) as contracts
    from parts
    group by underlying, venue, told_by, began_at, is_whole, part_at
),

-- Fills of the same contracts in one run are one order.
fills as (
    select
        *,
        min(part_at) over (
            partition by underlying, venue, told_by, began_at, is_whole, contracts
        ) as first_at
    from sets
),

legs as (
    select
        parts.underlying, parts.venue, parts.told_by, parts.is_whole, fills.first_at,
        parts.contract,
        min(
            struct_pack(
                at := parts.traded_at, n := parts.sequence,
                contract := parts.contract, id := parts.print_id
            )
        ) as place,
        max(parts.traded_at) as ended_at,
        max(parts.run_ended_at) as run_ended_at,
        min(parts.session_date) as session_date,
        min(parts.expiration) as expiration,
        min(parts.strike) as strike,
        min(parts.put_call) as put_call,
        min(parts.multiplier) as multiplier,
        max(parts.underlying_price) as underlying_price,
        count(*) as n_prints,
        sum(parts.size) as size,
        sum(parts.premium_usd) as premium_usd,
        case when count(parts.edge_usd) = count(*) then sum(parts.edge_usd) end as edge_usd,
        max(parts.delta) as delta,
        min(parts.side_told) as side,
        list_sort(list(parts.print_id)) as trade_ids
    from parts
    inner join fills
        on
            parts.underlying = fills.underlying
            and parts.venue = fills.venue
            and parts.told_by = fills.told_by
            and parts.is_whole = fills.is_whole
            and parts.part_at = fills.part_at
    group by
        parts.underlying, parts.venue, parts.told_by, parts.is_whole, fills.first_at,
        parts.contract
),

packages as (
    select
        underlying, venue, told_by, first_at,
        min(place) as first_leg,
        max(ended_at) as ended_at,
        max(run_ended_at) as run_ended_at,
        min(session_date) as session_date,
        min(multiplier) as multiplier,
        max(underlying_price) as underlying_price,
        count(*) as n_legs,
        count(side) as n_told,
        count(edge_usd) as n_quoted,
        count(delta) as n_deltas,
        sum(n_prints) as n_prints,
        list_sort(list_distinct(list(size))) as sizes,
        sum(premium_usd) as legs_premium_usd,
        sum(side * premium_usd) as told_usd,
        sum(side * delta * cast(size as double)) as told_delta,
        sum(abs(delta) * cast(size as double)) as legs_delta,
        list_sort(
            list(
                struct_pack(
                    expiration := expiration, strike := cast(strike as double),
                    put_call := put_call, contract := contract, size := cast(size as double),
                    price := round(cast(premium_usd / (size * multiplier) as double), 6),
                    premium_usd := cast(premium_usd as double),
                    edge_usd := round(cast(edge_usd as double), 6),
                    delta := delta, side := side, trade_ids := trade_ids
                )
            )
        ) as legs
    from legs
    group by underlying, venue, told_by, is_whole, first_at
),

-- Of one size, or of two or three that are 1, 2 and 3 parts of one.
sized as (
    select
        packages.*,
        params.max_legs,
        packages.run_ended_at + params.max_gap + params.max_report_delay as known_at,
        packages.told_by like 'block %' as is_named,
        len(packages.sizes) = 1
        or (
            len(packages.sizes) = 2
            and 2 * packages.sizes[2]
            in (3 * packages.sizes[1], 4 * packages.sizes[1], 6 * packages.sizes[1])
        )
        or (
            len(packages.sizes) = 3
            and packages.sizes[2] = 2 * packages.sizes[1]
            and packages.sizes[3] = 3 * packages.sizes[1]
        ) as has_ratio
    from packages
    cross join params
    where packages.n_legs > 1 or packages.told_by = 'stock_tied'
)

select
    sized.first_leg.contract || '|' || sized.first_leg.id
        as package_id,  -- of its first print: contract|venue:trade_id
    sized.underlying,
    sized.venue,
    sized.first_leg.at as started_at,  -- the first print of it
    sized.ended_at,  -- the last print of it
    sized.known_at,
    sized.session_date,
    case when sized.told_by = 'size' then 2 else 1 end
        as tier,  -- 1 told by a code or an id, 2 inferred from time and size
    sized.told_by = 'stock_tied' as is_stock_tied,  -- another leg of it is stock
    case when sized.is_named then substr(sized.told_by, 7) end as block_id,
    sized.n_legs,  -- different contracts
    sized.n_prints,  -- prints of all its legs
    case
        when sized.has_ratio and 2 * sized.sizes[2] = 3 * sized.sizes[1]
            then cast(sized.sizes[1] as double) / 2
        else cast(sized.sizes[1] as double)
    end as size,  -- units, in each of which a leg is 1, 2 or 3 contracts
    sized.has_ratio,  -- such a unit fits all legs
    sized.multiplier,  -- units of the underlying a contract
    sized.underlying_price,
    cast(sized.legs_premium_usd as double) as legs_premium_usd,  -- of all legs, whoever paid
    sized.n_told,  -- legs whose side the source tells
    cast(sized.told_usd as double) as told_usd,  -- what these cost, less what they brought
    sized.n_quoted,  -- legs that had a bid and an ask at each print
    sized.n_deltas,  -- legs whose delta is known
    round(sized.told_delta, 6) as told_delta,  -- of these, times their sizes
    round(sized.legs_delta, 6) as legs_delta,  -- of all legs without sign, times their sizes
    sized.legs  -- by expiration, strike and right; edge_usd was paid over the mid
from sized
where
    (sized.is_named or (sized.has_ratio and sized.n_legs <= sized.max_legs))
    and sized.known_at < (select clock.until from ops.clock as clock)
