-- what:    What changes of open interest are usual for a contract, beside each change.
-- grain:   one row per contract, session and version of its change; changes before a split count in
--          the contracts after it
-- status:  live
-- needs:   71 sessions

with params as (
    select
        20 as max_baseline_sessions,  -- Donoho's month of trading
        60 as max_ranked_sessions  -- a quarter, rule book 0.3
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

-- Under which symbol and in how many contracts a position went on after a split.
renamed as (
    select
        contract, oi_date, session_date, next_contract, strike_ratio, known_at, withdrawn_at
    from curated.open_interest
    where strike_ratio >= 2
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
        carried.next_contract as contract,
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
    inner join renamed as carried
        on
            changes.contract = carried.contract
            and split_days.ex_date > carried.oi_date
            and split_days.ex_date <= carried.session_date
),

-- For each session of the baseline, the change that stood when this one became known.
pairs as (
    select
        today.contract, today.oi_date, today.known_at,
        today.sequence - past.sequence as age,
        past.d_oi,
        params.max_baseline_sessions
    from changes as today
    cross join params
    left join past
        on
            today.contract = past.contract
            and past.sequence between
            today.sequence - params.max_ranked_sessions and today.sequence - 1
            and today.oi_date >= past.since_date
            and coalesce(today.oi_date < past.until_date, true)
            and today.known_at >= past.known_at
            and coalesce(today.known_at < past.withdrawn_at, true)
),

ranked as (
    select
        *,
        row_number() over (
            partition by contract, oi_date, known_at order by d_oi nulls last, age
        ) as place,
        count(d_oi) over (partition by contract, oi_date, known_at) as n_ranked
    from pairs
),

centred as (
    select
        *,
        avg(case when 2 * place between n_ranked and n_ranked + 2 then cast(d_oi as double) end)
            over (partition by contract, oi_date, known_at) as middle
    from ranked
),

deviating as (
    select
        *,
        abs(d_oi - middle) as deviation,
        row_number() over (
            partition by contract, oi_date, known_at
            order by abs(d_oi - middle) nulls last, age
        ) as deviation_place
    from centred
),

baselines as (
    select
        contract, oi_date, known_at,
        max(n_ranked) as n_ranked,
        max(middle) as middle,
        avg(case when 2 * deviation_place between n_ranked and n_ranked + 2 then deviation end)
            as mad,
        sum(case when age <= max_baseline_sessions then 1 else 0 end) as n_baseline,
        cast(sum(case when age <= max_baseline_sessions then abs(d_oi) end) as double)
            as sum_abs_d_oi
    from deviating
    group by contract, oi_date, known_at
)

select
    changes.contract,
    changes.calendar,
    changes.root,  -- of a US contract; null elsewhere
    changes.oi_date,  -- the session of the change
    changes.closes_at,
    changes.open_interest,
    changes.previous_open_interest,  -- a session before, as it counts today
    changes.previous_contract,  -- what it was called then: another symbol after a split
    changes.d_oi,  -- contracts
    changes.known_at,
    changes.withdrawn_at,
    baselines.n_baseline,  -- valid changes among the 20 sessions before
    baselines.sum_abs_d_oi,  -- contracts, their sizes added up
    baselines.n_ranked,  -- valid changes among the 60 sessions before
    baselines.middle,  -- their median, contracts
    baselines.mad  -- the median of their distances from it
from changes
inner join baselines
    on
        changes.contract = baselines.contract
        and changes.oi_date = baselines.oi_date
        and changes.known_at = baselines.known_at
