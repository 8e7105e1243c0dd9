-- rule:    D3, D4, D5
-- what:    How much of a stock managers hold, what they changed, and how they stand behind it.
-- grain:   one row per ticker and session with news of its newest quarter that counts; of several
--          securities of one ticker the one of the later quarter, then of the greater value
-- status:  live

with counted as (
    select
        held.ticker as symbol,
        held.session_date, held.known_at, held.cusip, held.period_end, held.value_usd,
        held.inst_own_pct, held.n_holders, held.n_new, held.n_sold_out,
        max(held.period_end) over so_far as newest_end
    from features.ownership as held
    where held.is_settled and held.ticker is not null
    window so_far as (
        partition by held.ticker order by held.known_at
        range between unbounded preceding and current row
    )
),

-- What is told late of an older quarter changes nothing that counts now.
newest as (
    select
        *,
        row_number() over (
            partition by symbol, session_date order by value_usd desc nulls last, cusip asc
        ) as nth
    from counted
    where period_end = newest_end
),

-- As they stood at the session's close.
best as (
    select
        newest.symbol, newest.session_date,
        count(*) as n_best_ideas
    from newest
    inner join features.best_ideas as ideas
        on
            newest.symbol = ideas.ticker
            and newest.period_end = ideas.period_end
            and newest.known_at >= ideas.known_at
            and coalesce(newest.known_at < ideas.withdrawn_at, true)
    where newest.nth = 1 and ideas.is_best_idea
    group by newest.symbol, newest.session_date
)

select
    newest.symbol,  -- the ticker then valid
    newest.session_date,
    newest.known_at,  -- the session's close
    newest.cusip,
    newest.period_end,  -- the quarter's end
    newest.inst_own_pct,  -- percent of the shares outstanding; over 100 where shares are lent
    newest.n_holders,
    newest.n_new,
    newest.n_sold_out,
    flows.net_change_pct,  -- of the shares before
    flows.flow_label,  -- strong_inflow, inflow, neutral, outflow or strong_outflow
    flows.n_obs as n_flow_quarters,  -- of history
    convictions.conviction_score,  -- percentile of what active managers did, pulled to 50
    convictions.conviction_legacy,  -- new less sold out, in percent of the holders
    convictions.active_weight_change,  -- each manager's in its own usual size
    convictions.n_active,
    convictions.n_obs as n_quarters,  -- of history of that change
    coalesce(best.n_best_ideas, 0)
        as n_best_ideas  -- active managers of whom it is the best idea, by features.best_ideas
from newest
left join features.institutional_flow as flows
    on
        newest.cusip = flows.cusip
        and newest.period_end = flows.period_end
        and newest.session_date = flows.session_date
left join features.conviction as convictions
    on
        newest.cusip = convictions.cusip
        and newest.period_end = convictions.period_end
        and newest.session_date = convictions.session_date
left join best on newest.symbol = best.symbol and newest.session_date = best.session_date
where newest.nth = 1
