-- rule:    A10
-- what:    Moments at which the volume of a contract's session reached a screen against its open
--          interest of the evening before, as chains show it and as trades add up to it.
-- grain:   one row per contract, session, origin and screen reached; ratio is null where nothing
--          was open
-- status:  live
-- needs:   1 session

with params as (
    select
        500 as over_volume,  -- a published screen of Barchart, rule book A10
        100 as over_open_interest,  -- of the same; below it every trade is much
        0.1 as over_last,  -- USD; cheaper ones are lottery tickets; of the same
        1.25 as min_ratio,  -- of the same
        3 as medium_ratio,  -- rule book A10
        100_000 as medium_usd,  -- of premium; rule book A10
        10 as high_ratio,  -- rule book A10
        1_000_000 as high_usd,  -- of premium; rule book A10
        interval 4 hours as max_delay  -- what is told of a session later than so after its close
),

chains as (
    select
        contract, session_date, known_at, underlying, expiration, put_call, volume, open_interest,
        oi_date,
        coalesce(last, mid) as last_price,
        cast(volume * cast(coalesce(last, mid) as decimal(38, 8)) * multiplier as double)
            as premium_usd
    from curated.option_chains
    where calendar = 'XNYS' and not is_dead
),

-- Few contracts trade so much, all that was told of them added up; only theirs is put in order.
lively as (
    select
        contract, session_date,
        sum(size) as size
    from raw.option_trades
    where calendar = 'XNYS' and not is_gone
    group by contract, session_date
),

interests as (
    select
        interest.contract, interest.session_date, interest.open_interest, interest.oi_date,
        interest.known_at, interest.withdrawn_at,
        sessions.closes_at + params.max_delay as counts_until
    from features.prior_open_interest as interest
    cross join params
    inner join lively
        on
            interest.contract = lively.contract
            and interest.session_date = lively.session_date
    inner join curated.us_sessions as sessions on interest.session_date = sessions.session_date
    where
        lively.size > params.over_volume
        and lively.size >= params.min_ratio * interest.open_interest
),

prints as (
    select
        trades.contract, trades.session_date, trades.known_at, trades.withdrawn_at,
        trades.underlying, trades.expiration, trades.put_call, trades.venue, trades.trade_id,
        trades.sequence, trades.size, trades.premium_usd,
        case when trades.opt_trade_class in ('regular', 'auction') then trades.price end as price,
        interests.open_interest, interests.oi_date,
        interests.known_at as interest_known_at,
        interests.withdrawn_at as interest_withdrawn_at
    from curated.option_prints as trades
    inner join interests
        on
            trades.contract = interests.contract
            and trades.session_date = interests.session_date
    where
        trades.calendar = 'XNYS'
        and trades.opt_trade_class in (
            'regular', 'auction', 'cross', 'floor', 'multi_leg', 'stock_tied', 'late'
        )
        and trades.known_at < interests.counts_until
),

-- What is withdrawn counts until that is known.
counted as (
    select * exclude (withdrawn_at)
    from prints
    union all
    select
        * exclude (withdrawn_at)
        replace (
            withdrawn_at as known_at, -size as size, -premium_usd as premium_usd,
            cast(null as decimal(18, 8)) as price
        )
    from prints
    where withdrawn_at is not null
),

added as (
    select
        * exclude (size, premium_usd, price),
        sum(size) over in_order as volume,
        sum(premium_usd) over in_order as premium_usd,
        last_value(price ignore nulls) over in_order as last_price
    from counted
    window in_order as (
        partition by contract, session_date, interest_known_at
        order by known_at asc, sequence asc, venue asc, trade_id asc, size desc
        rows between unbounded preceding and current row
    )
),

told as (
    select
        'chain' as origin,
        contract, session_date, known_at, underlying, expiration, put_call, volume,
        open_interest, oi_date, last_price, premium_usd,
        1 as place
    from chains
    union all
    select
        'trades' as origin,
        contract, session_date, known_at, underlying, expiration, put_call, volume,
        open_interest, oi_date, last_price,
        cast(premium_usd as double) as premium_usd,
        row_number() over (
            partition by contract, session_date
            order by known_at, sequence, venue, trade_id, volume
        ) as place
    from added
    where
        known_at >= interest_known_at
        and coalesce(known_at < interest_withdrawn_at, true)
),

screened as (
    select
        told.*,
        case
            when told.open_interest = 0 then 0
            when
                told.volume >= params.high_ratio * told.open_interest
                and told.premium_usd >= params.high_usd
                then 3
            when
                told.volume >= params.medium_ratio * told.open_interest
                and told.premium_usd >= params.medium_usd
                then 2
            else 1
        end as screen
    from told
    cross join params
    where
        told.volume > params.over_volume
        and told.last_price > params.over_last
        and (
            told.open_interest = 0
            or (
                told.open_interest > params.over_open_interest
                and told.volume >= params.min_ratio * told.open_interest
            )
        )
),

risen as (
    select
        *,
        max(screen) over (
            partition by origin, contract, session_date order by known_at, place
            rows between unbounded preceding and 1 preceding
        ) as screen_before
    from screened
)

select
    contract,
    session_date,
    known_at,
    origin,  -- chain or trades
    screen,  -- 0 nothing was open, 1 the published screen, 2 threefold, 3 tenfold
    underlying,
    expiration,
    put_call,
    volume,  -- contracts so far
    open_interest,  -- contracts, as cleared after oi_date
    oi_date,  -- the session before
    round(cast(volume as double) / nullif(cast(open_interest as double), 0), 6)
        as vol_oi_ratio,  -- volume over what was open; null where nothing was
    last_price,  -- USD a unit; without trades of the day the chain's mid
    round(premium_usd, 2) as premium_usd,  -- of a chain its volume at the last price
    expiration = session_date as is_0dte  -- it expires today
from risen
where coalesce(screen > screen_before, true)
