-- what:    Change of a contract's open interest over one session, beside its usual change.
-- grain:   one row per contract, session and version; a change across a missing session is none,
--          and mean_abs_d_oi is null below 10 valid changes among the 20 sessions before
-- status:  live
-- needs:   31 sessions

with params as (
    select
        20 as max_baseline_sessions,  -- Donoho's month of trading
        10 as min_baseline_changes  -- a plain mean needs 10, rule book 0.3
),

-- A figure that comes more than 10 sessions late enters nothing, so that `needs` has an end.
figures as (
    select
        interest.*,
        sessions.sequence, sessions.previous_date, sessions.closes_at
    from curated.open_interest as interest
    inner join curated.us_sessions as sessions on interest.oi_date = sessions.session_date
    where coalesce(interest.known_at <= sessions.late_at, true)
),

-- Both figures have versions: a change stands while both of its figures do.
changes as (
    select
        newer.contract, newer.oi_date, newer.sequence, newer.closes_at,
        newer.open_interest,
        older.open_interest as previous_open_interest,
        newer.open_interest - older.open_interest as d_oi,
        greatest(newer.known_at, older.known_at) as known_at,
        case
            when newer.withdrawn_at is null then older.withdrawn_at
            when older.withdrawn_at is null then newer.withdrawn_at
            else least(newer.withdrawn_at, older.withdrawn_at)
        end as withdrawn_at
    from figures as newer
    inner join figures as older
        on newer.contract = older.contract and newer.previous_date = older.oi_date
    where
        coalesce(newer.known_at < older.withdrawn_at, true)
        and coalesce(older.known_at < newer.withdrawn_at, true)
),

-- For each session of the baseline, the change that stood when this one became known.
baselines as (
    select
        changes.contract, changes.oi_date, changes.known_at,
        count(*) as n_baseline,
        sum(abs(past.d_oi)) as sum_abs_d_oi
    from changes
    cross join params
    inner join changes as past
        on
            changes.contract = past.contract
            and past.sequence between
            changes.sequence - params.max_baseline_sessions and changes.sequence - 1
            and changes.known_at >= past.known_at
            and coalesce(changes.known_at < past.withdrawn_at, true)
    group by changes.contract, changes.oi_date, changes.known_at
),

measured as (
    select
        changes.*,
        coalesce(baselines.n_baseline, 0) as n_baseline,
        case
            when baselines.n_baseline >= params.min_baseline_changes
                then cast(baselines.sum_abs_d_oi as double) / baselines.n_baseline
        end as mean_abs_d_oi
    from changes
    cross join params
    left join baselines
        on
            changes.contract = baselines.contract
            and changes.oi_date = baselines.oi_date
            and changes.known_at = baselines.known_at
)

select
    measured.contract,
    measured.oi_date,
    chains.underlying,
    chains.expiration,
    chains.strike,
    chains.put_call,
    measured.known_at,
    measured.withdrawn_at,  -- when one of its two figures was corrected
    measured.closes_at,
    measured.open_interest,
    measured.previous_open_interest,  -- contracts, a session before
    measured.d_oi,  -- contracts, open_interest less previous_open_interest
    round(
        case
            when measured.previous_open_interest >= 100
                then 100.0 * measured.d_oi / measured.previous_open_interest
        end, 6
    ) as d_oi_pct,  -- percent of what was open; null below 100 contracts
    measured.n_baseline,  -- valid changes among the 20 sessions before
    round(measured.mean_abs_d_oi, 6) as mean_abs_d_oi,  -- contracts a session, usual size
    round(abs(measured.d_oi) / nullif(measured.mean_abs_d_oi, 0), 6)
        as d_oi_rel,  -- times the usual change
    (chains.bid + chains.ask) / 2 as mid,  -- USD a share, null where a side is missing
    chains.volume,
    chains.delta,
    chains.underlying_price
from measured
left join curated.option_chains as chains
    on
        measured.contract = chains.contract
        and measured.oi_date = chains.session_date
        and measured.known_at >= chains.known_at
        and coalesce(measured.known_at < chains.withdrawn_at, true)
