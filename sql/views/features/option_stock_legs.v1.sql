-- what:    The print of stock that came with a package of options tied to stock, and what both are.
-- grain:   one row per such package, half a minute after it began, where a print was told by then
--          that its code ties to another trade; of several the one that covers it, else the nearest
-- status:  live
-- needs:   1m

with params as (
    select
        interval 10 seconds as max_apart,  -- as late as FINRA lets a dealer report
        interval 30 seconds as max_wait  -- rule book A15: it comes seconds later; a guess
),

packages as (
    select
        packages.package_id, packages.underlying, packages.session_date, packages.started_at,
        packages.n_legs, packages.multiplier,
        packages.legs[1].put_call as put_call,
        cast(packages.size as double) * cast(packages.multiplier as double) as covered_by,
        packages.started_at - params.max_apart as from_at,
        packages.started_at + params.max_apart as until_at,
        greatest(packages.known_at, packages.started_at + params.max_wait) as known_at
    from features.option_package_legs as packages
    cross join params
    where packages.is_stock_tied and packages.has_ratio
),

-- What had been told, and still stood, when waiting is over.
beside as (
    select
        packages.*,
        prints.traded_at as stock_at,
        prints.venue as stock_venue,
        prints.trade_id as stock_trade_id,
        prints.price as stock_price,
        cast(prints.size as double) as shares,
        row_number() over (
            partition by packages.package_id
            order by
                case when cast(prints.size as double) = packages.covered_by then 0 else 1 end asc,
                abs(epoch_us(prints.traded_at) - epoch_us(packages.started_at)) asc,
                prints.sequence asc, prints.venue asc, prints.trade_id asc
        ) as nth
    from packages
    inner join curated.equity_prints as prints
        on
            packages.underlying = prints.symbol
            and packages.session_date = prints.session_date
            and packages.from_at <= prints.traded_at
            and packages.until_at >= prints.traded_at
            and packages.known_at >= prints.known_at
            and coalesce(packages.known_at < prints.withdrawn_at, true)
            and packages.covered_by * packages.n_legs >= cast(prints.size as double)
    where prints.trade_class = 'contingent'
)

select
    package_id,  -- as in features.option_packages
    underlying,  -- of the options, and the stock's symbol
    session_date,  -- of both
    started_at,  -- the package's first print
    known_at,  -- half a minute later
    stock_at,  -- when the stock was traded, as reported
    stock_venue,  -- FINRA, NYSE, ...
    stock_trade_id,  -- of the stock's print
    stock_price,  -- USD a share
    shares,  -- of stock
    round(shares / nullif(covered_by, 0), 6)
        as hedge_frac,  -- shares over those that the options are on: 1 is covered, else the delta
    case
        when n_legs = 1 and shares = covered_by and put_call = 'call' then 'buy_write'
        when n_legs = 1 and shares = covered_by then 'married_put'
        else 'hedged'
    end as stock_type  -- buy_write, married_put, or hedged by as many shares as its delta asks for
from beside
where nth = 1 and known_at < (select clock.until from ops.clock as clock)
