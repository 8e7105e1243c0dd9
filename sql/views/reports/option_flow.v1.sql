-- what:    The tape of options: orders, packages and single prints of some size, newest first.
-- grain:   one row per parent order, per package, and per print that is in neither; a package has
--          legs in place of contract, strike and right, and its premium is what is left of them;
--          volume is null where the question begins after the session did
-- status:  live
-- needs:   0s, 1 sessions of curated.open_interest
-- route:   option_flow

with params as (
    select
        25_000 as min_premium_usd,  -- the first tier of rule book A3
        100 as min_block_size,  -- contracts; rule book A14
        100_000 as min_block_usd  -- rule book A14
),

packages as (
    select * from features.option_packages
),

legs as (
    select unnest(packages.legs) as leg
    from packages
),

leg_prints as (
    select
        legs.leg.contract,
        unnest(legs.leg.trade_ids) as print_id
    from legs
),

parents as (
    select parents.*
    from features.option_parents as parents
    cross join params
    where parents.premium_usd >= params.min_premium_usd
),

parent_prints as (
    select
        contract, first_trade_id, n_prints,
        unnest(trade_ids) as print_id
    from parents
),

-- An order that is nothing but legs of a package is told by it.
told_as_legs as (
    select
        parent_prints.contract, parent_prints.first_trade_id
    from parent_prints
    inner join leg_prints
        on
            parent_prints.contract = leg_prints.contract
            and parent_prints.print_id = leg_prints.print_id
    group by parent_prints.contract, parent_prints.first_trade_id
    having count(*) = max(parent_prints.n_prints)
),

taken as (
    select
        contract, print_id
    from parent_prints
    union
    select
        contract, print_id
    from leg_prints
),

prints as (
    select
        facts.*,
        params.min_block_size, params.min_block_usd,
        facts.venue || ':' || facts.trade_id as print_id
    from features.option_trade_facts as facts
    cross join params
    where
        facts.premium_usd >= params.min_premium_usd
        and facts.withdrawn_at is null
        and coalesce(
            facts.opt_trade_class not in ('multi_leg', 'stock_tied', 'cancel', 'administrative'),
            true
        )
),

flow as (
    select
        parents.ended_at as happened_at,
        parents.known_at, parents.session_date, parents.underlying, parents.contract,
        parents.expiration, parents.strike, parents.put_call, parents.parent_kind,
        parents.side, parents.side_prob, parents.size, parents.premium_usd,
        parents.n_prints, parents.n_exchanges,
        parents.last_price as price,
        parents.price_bucket, parents.iso_frac, parents.iv, parents.delta,
        parents.underlying_price, parents.trade_ids,
        parents.contract || '|' || parents.first_trade_id as parent_id
    from parents
    anti join told_as_legs
        on
            parents.contract = told_as_legs.contract
            and parents.first_trade_id = told_as_legs.first_trade_id
    union all by name
    select
        prints.traded_at as happened_at,
        prints.known_at, prints.session_date, prints.underlying, prints.contract,
        prints.expiration, prints.strike, prints.put_call,
        case
            when
                prints.size >= prints.min_block_size and prints.premium_usd >= prints.min_block_usd
                then 'block'
            else 'single'
        end as parent_kind,
        prints.opt_trade_class, prints.side, prints.side_prob, prints.size, prints.premium_usd,
        1 as n_prints,
        1 as n_exchanges,
        prints.venue, prints.price, prints.price_bucket, prints.iv, prints.delta,
        prints.underlying_price,
        [prints.print_id] as trade_ids,
        prints.contract || '|' || prints.print_id as parent_id
    from prints
    anti join taken on prints.contract = taken.contract and prints.print_id = taken.print_id
    union all by name
    select
        packages.ended_at as happened_at,
        packages.known_at, packages.session_date, packages.underlying,
        cast(packages.legs[1].expiration as date) as expiration,
        'package' as parent_kind,
        packages.package_type, packages.side, packages.size, packages.premium_usd,
        packages.n_prints,
        1 as n_exchanges,
        packages.venue,
        packages.net_price as price,
        packages.package_delta as delta,
        packages.underlying_price, packages.legs, packages.legs_premium_usd,
        packages.is_directional,
        'package|' || packages.package_id as parent_id
    from packages
    cross join params
    where coalesce(packages.premium_usd, packages.legs_premium_usd) >= params.min_premium_usd
),

volumes as (
    select
        contract, session_date,
        sum(size) as volume
    from curated.option_prints
    where withdrawn_at is null and coalesce(opt_trade_class <> 'cancel', true)
    group by contract, session_date
),

opened as (
    select
        flow.*,
        case
            when flow.underlying like '%:%'
                then timezone('UTC', cast(flow.session_date as timestamp))
            else sessions.opens_at
        end as opens_at
    from flow
    left join curated.us_sessions as sessions on flow.session_date = sessions.session_date
),

placed as (
    select
        opened.*,
        opened.opens_at >= clock.since as is_whole_session,
        opened.expiration - opened.session_date as dte,
        cast(opened.strike as double) / nullif(cast(opened.underlying_price as double), 0)
            as strike_ratio
    from opened
    cross join ops.clock as clock
)

select
    placed.happened_at,  -- its last print
    placed.known_at,
    placed.session_date,
    placed.underlying,
    placed.contract,
    placed.parent_kind,  -- sweep, split, block, single or package
    placed.package_type,
    placed.opt_trade_class,  -- of a single print, where it says more than the side does
    placed.side,  -- 1 bought, of a package for a debit; -1 sold; null where nobody knows
    placed.side_prob,  -- that the side is right, 0.5 to 1; null for a package
    case
        when placed.parent_kind <> 'package'
            then case
                when (placed.side = 1) = (placed.put_call = 'call') then 'bull'
                when placed.side is not null then 'bear'
            end
        when not placed.is_directional then 'neutral'
        when placed.delta > 0 then 'bull'
        when placed.delta < 0 then 'bear'
    end as direction,  -- bull, bear or neutral; null where the side is unknown
    cast(placed.size as double) as size,  -- contracts, of a package units
    cast(placed.price as double) as price,  -- USD, of the last print; of a package what is left
    cast(placed.premium_usd as double) as premium_usd,
    placed.legs_premium_usd,  -- of a package's legs, whoever paid
    placed.n_prints,
    placed.n_exchanges,
    placed.venue,  -- null where there may be several
    placed.price_bucket,  -- where the first print lies between bid and ask
    placed.iso_frac,  -- share of prints sent as intermarket sweeps, 0 to 1
    placed.expiration,  -- of a package the nearest
    placed.strike,
    placed.put_call,
    placed.dte,  -- days to expiration
    case
        when placed.put_call = 'call' and placed.strike_ratio > 1
            then round(100 * (placed.strike_ratio - 1), 6)
        when placed.put_call = 'put' and placed.strike_ratio < 1
            then round(100 * (1 - placed.strike_ratio), 6)
        when placed.strike_ratio is not null then 0
    end as otm_pct,  -- out of the money, in percent of the underlying; 0 in the money
    placed.iv,
    placed.delta,  -- of a package what is left of its legs', a unit
    cast(placed.underlying_price as double) as underlying_price,
    cast(interest.next_open_interest as double)
        as open_interest,  -- contracts, the evening before
    cast(volumes.volume as double)
        as volume,  -- contracts of the session so far, by the end of the question
    round(
        cast(volumes.volume as double) / nullif(cast(interest.next_open_interest as double), 0), 6
    ) as vol_oi_ratio,  -- the one over the other
    placed.legs,  -- of a package, each with its side where that is known
    placed.trade_ids,  -- venue:trade_id of each print; of a package they are in its legs
    placed.parent_id  -- under which reports.option_flow_prints has its prints
from placed
left join curated.open_interest as interest
    on
        placed.contract = interest.next_contract
        and placed.session_date = interest.session_date
        and interest.withdrawn_at is null
        and not interest.is_dead
left join volumes
    on
        placed.contract = volumes.contract
        and placed.session_date = volumes.session_date
        and placed.is_whole_session
order by placed.happened_at desc, placed.parent_id asc
