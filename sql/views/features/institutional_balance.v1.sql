-- rule:    E1, D4
-- what:    How managers moved in a stock in the newest quarter that counts, as of each news of it.
-- grain:   one row per ticker and session's close with news of its newest settled quarter, of the
--          span and of the year before it
-- status:  live
-- misses:  of two CUSIPs of one ticker the one that was held less

with params as (
    select
        interval 410 days as reach,  -- a year before what is asked, and some to spare
        3 as min_managers,  -- fewer are a trade of one of them, as in filings.institutional_flow
        0.5 as min_coverage_frac  -- the deadline is over, and still half of the value is missing
),

settled as (
    select
        flows.*,
        max(flows.period_end) over (
            partition by flows.ticker order by flows.known_at, flows.period_end, flows.cusip
            rows between unbounded preceding and current row
        ) as newest_end
    from features.institutional_flow as flows
    where not flows.is_preliminary and flows.ticker is not null
),

newest as (
    select
        settled.*,
        row_number() over (
            partition by settled.ticker, settled.known_at
            order by settled.period_end desc, settled.prev_shares desc, settled.cusip asc
        ) as nth
    from settled
    cross join params
    where
        settled.period_end = settled.newest_end
        and settled.known_at >= (select clock.since from ops.clock as clock) - params.reach
),

arrivals as (
    select
        cik, period_end,
        min(known_at) as filed_at
    from curated.filings
    where form_type like '13F-HR%' and amendment_kind <> 'NEW HOLDINGS'
    group by cik, period_end
),

moments as (select distinct period_end, known_at from newest),

-- Half of those that had reported by then had done so by this moment.
middles as (
    select
        moments.period_end, moments.known_at,
        cast(median(epoch_us(arrivals.filed_at)) as bigint) as median_us
    from moments
    inner join arrivals
        on
            moments.period_end = arrivals.period_end
            and moments.known_at >= arrivals.filed_at
    group by moments.period_end, moments.known_at
)

select
    newest.ticker as symbol,  -- the ticker then valid
    newest.cusip,
    newest.period_end,
    newest.session_date,
    newest.known_at,  -- the session's close
    coalesce(make_timestamptz(middles.median_us), newest.known_at)
        as reported_at,  -- the median of when this quarter's reports became known
    newest.net_change_pct as balance,  -- of the shares before, of managers in both quarters
    newest.net_change_rank as balance_pr,  -- percentile of its size among its quarters before
    newest.n_obs,  -- quarters of history
    newest.n_compared,  -- managers in both quarters
    newest.coverage_frac,
    newest.n_compared < params.min_managers as is_few_managers,  -- a trade of one or two
    coalesce(newest.coverage_frac < params.min_coverage_frac, false)
        as is_few_reports  -- too little of last quarter's value has reported
from newest
cross join params
left join middles
    on newest.period_end = middles.period_end and newest.known_at = middles.known_at
where newest.nth = 1
