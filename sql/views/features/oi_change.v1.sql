-- what:    Change of a contract's open interest over one session, beside its usual change and what
--          the session's trades can explain of it.
-- grain:   one row per contract, session and version; mean_abs_d_oi is null below 10 valid changes
--          among the 20 sessions before, mz60 below 20 among 60; what needs the volume is null
--          where the chain was taken before the close
-- status:  live
-- needs:   11 sessions

with params as (
    select
        10 as min_baseline_changes,  -- a plain mean needs 10, rule book 0.3
        20 as min_ranked_changes,  -- below it no z, rule book 0.3
        100 as min_volume,  -- a few trades say nothing of a position; rule book A11
        0.5 as min_open_ratio,  -- half of the volume at least; rule book A11
        100 as min_previous  -- percent of less are noise; rule book A12
),

quoted as (
    select
        changes.*,
        params.min_baseline_changes, params.min_ranked_changes, params.min_previous,
        params.min_volume, params.min_open_ratio,
        changes.calendar = 'XNYS' as is_osi,
        chains.underlying, chains.expiration, chains.strike, chains.put_call,
        chains.mid, chains.volume, chains.delta, chains.underlying_price,
        chains.multiplier, chains.is_adjusted,
        roots.underlying as root_underlying,
        -- Until the close it is not the volume that made the change.
        case when chains.known_at >= changes.closes_at then chains.volume end as whole_volume
    from features.oi_baseline as changes
    cross join params
    left join curated.chain_snapshots as chains
        on
            changes.contract = chains.contract
            and changes.oi_date = chains.session_date
            and changes.known_at >= chains.known_at
            and coalesce(changes.known_at < chains.withdrawn_at, true)
    left join curated.option_roots as roots
        on
            changes.root = roots.root
            and changes.oi_date >= roots.valid_from
            and coalesce(changes.oi_date < roots.valid_to, true)
),

measured as (
    select
        *,
        case when n_baseline >= min_baseline_changes then sum_abs_d_oi / n_baseline end
            as mean_abs_d_oi,
        case
            when n_ranked >= min_ranked_changes
                then 0.6745 * (cast(d_oi as double) - middle) / nullif(mad, 0)
        end as mz60,
        case
            when previous_open_interest >= min_previous
                then 100.0 * d_oi / previous_open_interest
        end as d_oi_pct
    from quoted
)

select
    contract,
    oi_date,  -- the session of the change
    next_date,  -- the session on whose morning it is published
    coalesce(underlying, root_underlying, root) as underlying,
    coalesce(
        expiration,
        case
            when is_osi
                then try_cast(
                    '20' || substr(contract, -15, 2) || '-' || substr(contract, -13, 2)
                    || '-' || substr(contract, -11, 2) as date
                )
        end
    ) as expiration,  -- last day of the contract
    coalesce(
        strike,
        case when is_osi then try_cast(right(contract, 8) as decimal(18, 8)) / 1_000 end
    ) as strike,  -- USD
    coalesce(
        put_call,
        case when is_osi then case substr(contract, -9, 1) when 'C' then 'call' else 'put' end end
    ) as put_call,
    known_at,
    withdrawn_at,  -- when one of its two figures was corrected
    closes_at,
    open_interest,
    previous_open_interest,  -- a session before, in contracts of today
    d_oi,  -- contracts, open_interest less previous_open_interest
    round(d_oi_pct, 6) as d_oi_pct,  -- percent of what was open; null below 100 contracts
    n_baseline,  -- valid changes among the 20 sessions before
    round(mean_abs_d_oi, 6) as mean_abs_d_oi,  -- contracts a session, usual size
    round(abs(d_oi) / nullif(mean_abs_d_oi, 0), 6) as d_oi_rel,  -- times the usual change
    n_ranked,  -- valid changes among the 60 sessions before
    round(mz60, 6) as mz60,  -- modified z of d_oi among them
    round(cast(abs(d_oi) * cast(mid as decimal(38, 8)) * multiplier as double), 6)
        as d_oi_usd,  -- what the change costs at mid, never negative
    round(
        cast(d_oi as double) * delta
        * cast(cast(underlying_price as decimal(38, 8)) * multiplier as double), 6
    )
        as d_oi_delta_usd,  -- the shares that it stands for, signed
    volume,  -- contracts traded that session, up to the chain
    round(cast(d_oi as double) / nullif(cast(whole_volume as double), 0), 6)
        as open_ratio,  -- share of the volume that opened on both sides less that closed
    case
        when whole_volume = 0 then 'no_trade'
        when whole_volume < min_volume then null
        when d_oi >= min_open_ratio * whole_volume then 'mostly_opening'
        when d_oi <= -min_open_ratio * whole_volume then 'mostly_closing'
        when whole_volume is not null then 'mixed'
    end as open_close_label,  -- null below 100 contracts of volume
    d_oi > whole_volume as oi_exceeds_volume,  -- an error, or trades that were reported late
    -d_oi > whole_volume as exercise_or_expiry,  -- positions ended without a trade
    mid,  -- USD a unit, of that session's chain
    delta,
    underlying_price,
    multiplier,  -- units of the underlying a contract
    is_adjusted,  -- it delivers something else than its root's shares
    previous_contract,  -- what it was called a session before: another symbol after a split
    calendar
from measured
