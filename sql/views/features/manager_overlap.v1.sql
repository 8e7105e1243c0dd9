-- rule:    D6
-- what:    What part of their portfolios two hedge-type managers have in common.
-- grain:   one row per pair of managers, the lesser cik first, and quarter in which they have a
--          stock in common, at the session from which the quarter's changes count
-- status:  live
-- misses:  shorts, puts and calls: two hedged books may have less in common than their longs; what
--          was amended after that session; pairs with a manager of another kind, which are too many

-- The reports that stood at the session's close.
with reports as (
    select
        managers.cik, managers.manager, managers.period_end, managers.known_at,
        managers.n_positions, seasons.session_date,
        seasons.known_at as settled_at
    from features.manager_reports as managers
    inner join features.report_coverage as seasons
        on
            managers.period_end = seasons.period_end
            and managers.known_at <= seasons.known_at
            and coalesce(managers.withdrawn_at > seasons.known_at, true)
    where managers.manager_type = 'hedge' and seasons.is_first_settled
),

-- Weights of stocks alone, so that two equal portfolios have all in common.
weights as (
    select
        reports.cik, reports.manager, reports.period_end, reports.n_positions,
        reports.session_date, reports.settled_at,
        positions.cusip, positions.ticker,
        positions.value_usd / nullif(
            sum(positions.value_usd) over (partition by reports.cik, reports.period_end), 0
        ) as weight
    from reports
    inner join features.holder_positions as positions
        on
            reports.cik = positions.cik
            and reports.period_end = positions.period_end
            and reports.known_at = positions.known_at
    where positions.put_call is null and positions.share_type = 'SH' and positions.shares > 0
),

pairs as (
    select
        one.cik,
        other.cik as other_cik,
        one.period_end,
        max(one.manager) as manager,
        max(other.manager) as other_manager,
        max(one.n_positions) as n_positions,
        max(other.n_positions) as other_n_positions,
        max(one.session_date) as session_date,
        max(one.settled_at) as known_at,
        count(*) as n_common,
        sum(cast(least(one.weight, other.weight) as decimal(18, 12))) as overlap,
        arg_max(
            coalesce(one.ticker, one.cusip),
            struct_pack(w := least(one.weight, other.weight), id := one.cusip)
        ) as most_common
    from weights as one
    inner join weights as other
        on
            one.period_end = other.period_end
            and one.cusip = other.cusip
            and one.cik < other.cik
    group by one.cik, other.cik, one.period_end
)

select
    cik,
    manager,
    other_cik,  -- of the other manager, always the greater of both
    other_manager,  -- its name
    period_end,
    session_date,
    known_at,  -- the session's close
    round(cast(overlap as double), 9)
        as overlap_frac,  -- the lesser of both weights, of each stock, summed; 1 are the same
    n_common,  -- stocks that both hold
    n_positions,
    other_n_positions,  -- stocks that the other holds
    most_common  -- ticker, or CUSIP, of the stock that adds most
from pairs
where overlap > 0
