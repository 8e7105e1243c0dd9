-- what:    What changes of open interest are usual for a contract, beside each change.
-- grain:   one row per contract, session and version of its change; changes before a split count in
--          the contracts after it, if there is a change of the split's own day; changes below 100
--          contracts are not ranked
-- status:  live
-- needs:   71 sessions

with params as (
    select
        20 as max_baseline_sessions,  -- Donoho's month of trading
        60 as max_ranked_sessions,  -- a quarter, rule book 0.3
        100 as min_ranked_d_oi  -- where a few contracts are usual, a z says nothing; a guess
),

changes as (select * from features.oi_session_change),

-- The days on which a root's symbols change, each with the stretch of sessions before it.
split_days as (
    select
        root, ex_date,
        min(known_at) as known_at,
        coalesce(lag(ex_date) over (partition by root order by ex_date), date '1970-01-01')
            as since_date,
        lead(ex_date) over (partition by root order by ex_date) as next_date
    from curated.option_splits
    group by root, ex_date
),

-- What each change counts for sessions before until_date, and from since_date on.
past as (
    select
        changes.contract, changes.sequence, changes.d_oi, changes.known_at, changes.withdrawn_at,
        date '1970-01-01' as since_date,
        split_days.ex_date as until_date
    from changes
    left join split_days
        on
            changes.root = split_days.root
            and changes.oi_date >= split_days.since_date
            and changes.oi_date < split_days.ex_date
    union all
    -- After a split that nobody knew of yet.
    select
        changes.contract, changes.sequence, changes.d_oi, changes.known_at,
        least(coalesce(changes.withdrawn_at, split_days.known_at), split_days.known_at)
            as withdrawn_at,
        split_days.ex_date as since_date,
        split_days.next_date as until_date
    from changes
    inner join split_days
        on
            changes.root = split_days.root
            and changes.oi_date >= split_days.since_date
            and changes.oi_date < split_days.ex_date
            and changes.known_at < split_days.known_at
    union all
    -- After a split: under the new symbol, in the new contracts.
    select
        carried.contract,
        changes.sequence,
        changes.d_oi * carried.strike_ratio as d_oi,
        greatest(changes.known_at, carried.known_at) as known_at,
        case
            when changes.withdrawn_at is null then carried.withdrawn_at
            when carried.withdrawn_at is null then changes.withdrawn_at
            else least(changes.withdrawn_at, carried.withdrawn_at)
        end as withdrawn_at,
        split_days.ex_date as since_date,
        split_days.next_date as until_date
    from changes
    inner join split_days
        on
            changes.root = split_days.root
            and changes.oi_date >= split_days.since_date
            and changes.oi_date < split_days.ex_date
    inner join changes as carried
        on
            changes.contract = carried.previous_contract
            and split_days.ex_date <= carried.oi_date
            and coalesce(split_days.next_date > carried.oi_date, true)
    where carried.strike_ratio >= 2
),

-- For each session of the baseline, the change that stood when this one became known.
means as (
    select
        today.contract, today.oi_date, today.known_at,
        count(past.d_oi) as n_baseline,
        cast(sum(abs(past.d_oi)) as double) as sum_abs_d_oi
    from changes as today
    cross join params
    left join past
        on
            today.contract = past.contract
            and past.sequence between
            today.sequence - params.max_baseline_sessions and today.sequence - 1
            and today.oi_date >= past.since_date
            and coalesce(today.oi_date < past.until_date, true)
            and today.known_at >= past.known_at
            and coalesce(today.known_at < past.withdrawn_at, true)
    group by today.contract, today.oi_date, today.known_at
),

pairs as (
    select
        today.contract, today.oi_date, today.known_at,
        past.sequence, past.d_oi
    from changes as today
    cross join params
    inner join past
        on
            today.contract = past.contract
            and past.sequence between
            today.sequence - params.max_ranked_sessions and today.sequence - 1
            and today.oi_date >= past.since_date
            and coalesce(today.oi_date < past.until_date, true)
            and today.known_at >= past.known_at
            and coalesce(today.known_at < past.withdrawn_at, true)
    where abs(today.d_oi) >= params.min_ranked_d_oi
),

medians as (
    select
        contract, oi_date, known_at,
        count(*) as n_ranked,
        median(cast(d_oi as double)) as middle
    from pairs
    group by contract, oi_date, known_at
),

ranks as (
    select
        pairs.contract, pairs.oi_date, pairs.known_at,
        max(medians.n_ranked) as n_ranked,
        max(medians.middle) as middle,
        median(abs(cast(pairs.d_oi as double) - medians.middle)) as mad
    from pairs
    inner join medians
        on
            pairs.contract = medians.contract
            and pairs.oi_date = medians.oi_date
            and pairs.known_at = medians.known_at
    group by pairs.contract, pairs.oi_date, pairs.known_at
)

select
    changes.contract,
    changes.calendar,
    changes.root,  -- of a US contract; null elsewhere
    changes.oi_date,  -- the session of the change
    changes.next_date,  -- the session on whose morning it is published
    changes.closes_at,
    changes.open_interest,
    changes.previous_open_interest,  -- a session before, as it counts today
    changes.previous_contract,  -- what it was called then: another symbol after a split
    changes.d_oi,  -- contracts
    changes.known_at,
    changes.withdrawn_at,
    means.n_baseline,  -- valid changes among the 20 sessions before
    means.sum_abs_d_oi,  -- contracts, their sizes added up
    ranks.n_ranked,  -- valid changes among the 60 sessions before; null for a small change
    ranks.middle,  -- their median, contracts
    ranks.mad  -- the median of their distances from it
from changes
inner join means
    on
        changes.contract = means.contract
        and changes.oi_date = means.oi_date
        and changes.known_at = means.known_at
left join ranks
    on
        changes.contract = ranks.contract
        and changes.oi_date = ranks.oi_date
        and changes.known_at = ranks.known_at
