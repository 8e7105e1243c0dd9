-- rule:    A11
-- what:    What became of trades that looked like new positions: opened or closed, as the next
--          morning's open interest says.
-- grain:   one row per tag and contract, as it stands; verdict is null until the morning after, and
--          where the session's volume is unknown or below 100 contracts
-- status:  live
-- needs:   2 sessions

with prints as (
    select
        contract, session_date, underlying, venue, trade_id, known_at, sequence, size, premium_usd
    from curated.option_prints
    where
        withdrawn_at is null
        and calendar = 'XNYS'
        and opt_trade_class in (
            'regular', 'auction', 'cross', 'floor', 'multi_leg', 'stock_tied', 'late'
        )
),

interests as (
    select contract, session_date, open_interest
    from features.prior_open_interest
    where withdrawn_at is null
),

-- Few contracts have a trade of more than is open; only theirs has to be added up in order.
lively as (
    select
        prints.contract, prints.session_date, interests.open_interest
    from prints
    inner join interests
        on
            prints.contract = interests.contract
            and prints.session_date = interests.session_date
    group by prints.contract, prints.session_date, interests.open_interest
    having sum(prints.size) > interests.open_interest
),

added as (
    select
        prints.*,
        lively.open_interest,
        sum(prints.size) over in_order as volume,
        sum(prints.size) over in_order - prints.size as volume_before
    from prints
    inner join lively
        on prints.contract = lively.contract and prints.session_date = lively.session_date
    window in_order as (
        partition by prints.contract, prints.session_date
        order by prints.known_at, prints.sequence, prints.venue, prints.trade_id
        rows between unbounded preceding and current row
    )
),

parents as (
    select
        orders.parent_kind, orders.contract, orders.session_date, orders.underlying,
        orders.first_trade_id, orders.started_at, orders.known_at, orders.side, orders.size,
        orders.premium_usd, lively.open_interest
    from features.option_parents as orders
    inner join lively
        on orders.contract = lively.contract and orders.session_date = lively.session_date
    where orders.parent_kind in ('sweep', 'split')
),

ordered as (
    select
        parents.*,
        coalesce(added.volume, 0) as volume_before
    from parents
    asof left join added
        on
            parents.contract = added.contract
            and parents.session_date = added.session_date
            and parents.started_at > added.known_at
),

tags as (
    select
        'print' as tag_kind,
        venue || ':' || trade_id as tag_id,
        contract, underlying, session_date,
        known_at as tagged_at,
        cast(null as bigint) as side,
        cast(size as double) as size,
        cast(size - open_interest - volume_before as double) as excess,
        cast(premium_usd as double) as premium_usd
    from added
    where size > open_interest + volume_before
    union all
    select
        parent_kind as tag_kind,
        first_trade_id as tag_id,
        contract, underlying, session_date,
        known_at as tagged_at,
        side,
        cast(size as double) as size,
        cast(size - open_interest - volume_before as double) as excess,
        cast(premium_usd as double) as premium_usd
    from ordered
    where size > open_interest + volume_before
    union all
    select
        detector as tag_kind,
        alert_key as tag_id,
        evidence ->> '$.contract' as contract,
        entity as underlying,
        cast(timezone('America/New_York', happened_at) as date) as session_date,
        fired_at as tagged_at,
        try_cast(evidence ->> '$.side' as bigint) as side,
        try_cast(evidence ->> '$.size' as double) as size,
        cast(null as double) as excess,
        notional_usd as premium_usd
    from curated.alerts
    where
        withdrawn_at is null
        and detector like 'options.%'
        and detector not in ('options.oi_change', 'options.opened')
        and evidence ->> '$.contract' is not null
)

select
    tags.session_date, tags.underlying, tags.contract,
    tags.tag_kind,  -- print, sweep or split: more than was open and had traded; else a detector
    tags.tag_id,  -- the first print, or the alert's key
    tags.tagged_at,  -- when it was known
    tags.side,  -- 1 buyer-initiated, -1 seller-initiated
    tags.size,  -- contracts
    tags.excess,  -- contracts that were opened on both sides for certain, as far as the day went
    tags.premium_usd,
    changes.d_oi,  -- contracts, over the session
    changes.volume,  -- contracts of the session
    changes.open_ratio,  -- d_oi over volume
    case changes.open_close_label
        when 'mostly_opening' then 'opened' when 'mostly_closing' then 'closed'
        when 'mixed' then 'mixed'
    end as verdict,  -- opened, closed or mixed, by half of the session's volume
    changes.known_at as judged_at,  -- the morning after
    coalesce(changes.known_at, tags.tagged_at) as known_at
from tags
left join features.oi_change as changes
    on
        tags.contract = changes.contract
        and tags.session_date = changes.oi_date
        and changes.withdrawn_at is null
