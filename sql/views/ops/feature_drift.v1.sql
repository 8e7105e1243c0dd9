-- what:    Whether a feature is in a month as it was in the year before: its population stability.
-- grain:   one row per feature and month, told a day after the month is over
-- status:  live
-- needs:   280 sessions

with params as (
    select
        252 as n_reference,  -- sessions before the month: a year, as a model is fitted on
        0.0001 as min_share,  -- of an empty bin, so that its logarithm is finite
        100 as least_rows,  -- below it chance alone gives 0.28 once in a thousand
        0.1 as min_watch,  -- the trade's rule of thumb
        0.25 as min_drift,  -- as above
        interval 1 day as max_wait  -- what is told later of a month does not count
),

sessions as (
    select sequence, cast(date_trunc('month', session_date) as date) as month_date
    from curated.us_sessions
),

months as (
    select
        us.month_date,
        min(us.sequence) as first_place, max(us.sequence) as last_place,
        timezone('UTC', cast(us.month_date as timestamp) + interval 1 month) + any_value(
            params.max_wait
        ) as told_at
    from sessions as us
    cross join params
    group by us.month_date
),

asked as (
    select months.*
    from months
    cross join ops.clock as clock
    where months.told_at >= clock.since and months.told_at < clock.until
),

inputs as (
    select
        inputs.feature, inputs.known_at, us.sequence as place,
        case when isfinite(inputs.value) then inputs.value end as amount
    from features.drift_inputs as inputs
    inner join curated.us_sessions as us on inputs.session_date = us.session_date
),

laid as (
    select
        asked.month_date, asked.told_at,
        inputs.feature, inputs.amount,
        inputs.place >= asked.first_place as is_month
    from asked
    cross join params
    inner join inputs
        on
            asked.first_place - params.n_reference <= inputs.place
            and asked.last_place >= inputs.place
            and asked.told_at >= inputs.known_at
),

samples as (
    select
        month_date, feature,
        any_value(told_at) as told_at,
        count(case when is_month then amount end) as n_month,
        sum(case when is_month and amount is null then 1 else 0 end) as n_null,
        count(case when not is_month then amount end) as n_reference,
        min(case when not is_month then amount end) as reference_low,
        max(case when not is_month then amount end) as reference_high,
        min(case when is_month then amount end) as month_low,
        max(case when is_month then amount end) as month_high,
        list_sort(list(amount) filter (where not is_month and amount is not null)) as in_order
    from laid
    group by month_date, feature
    having max(case when is_month then 1 else 0 end) = 1
),

-- A bin ends with its cut, each tenth value; equal cuts make fewer bins.
cuts as (
    select
        * exclude (in_order),
        in_order[cast(ceil(0.1 * n_reference) as bigint)] as end_1,
        in_order[cast(ceil(0.2 * n_reference) as bigint)] as end_2,
        in_order[cast(ceil(0.3 * n_reference) as bigint)] as end_3,
        in_order[cast(ceil(0.4 * n_reference) as bigint)] as end_4,
        in_order[cast(ceil(0.5 * n_reference) as bigint)] as end_5,
        in_order[cast(ceil(0.6 * n_reference) as bigint)] as end_6,
        in_order[cast(ceil(0.7 * n_reference) as bigint)] as end_7,
        in_order[cast(ceil(0.8 * n_reference) as bigint)] as end_8,
        in_order[cast(ceil(0.9 * n_reference) as bigint)] as end_9
    from samples
),

binned as (
    select
        laid.month_date, laid.feature, laid.is_month,
        case when laid.amount > cuts.end_1 then 1 else 0 end
        + case when laid.amount > cuts.end_2 then 1 else 0 end
        + case when laid.amount > cuts.end_3 then 1 else 0 end
        + case when laid.amount > cuts.end_4 then 1 else 0 end
        + case when laid.amount > cuts.end_5 then 1 else 0 end
        + case when laid.amount > cuts.end_6 then 1 else 0 end
        + case when laid.amount > cuts.end_7 then 1 else 0 end
        + case when laid.amount > cuts.end_8 then 1 else 0 end
        + case when laid.amount > cuts.end_9 then 1 else 0 end as bin
    from laid
    inner join cuts on laid.month_date = cuts.month_date and laid.feature = cuts.feature
    where laid.amount is not null
),

counted as (
    select
        month_date, feature, bin,
        sum(case when is_month then 1 else 0 end) as n_month,
        sum(case when is_month then 0 else 1 end) as n_reference
    from binned
    group by month_date, feature, bin
),

shares as (
    select
        counted.month_date, counted.feature, counted.bin,
        greatest(counted.n_month / nullif(cuts.n_month, 0), params.min_share) as month_share,
        greatest(counted.n_reference / nullif(cuts.n_reference, 0), params.min_share)
            as reference_share
    from counted
    cross join params
    inner join cuts
        on counted.month_date = cuts.month_date and counted.feature = cuts.feature
),

parts as (
    select
        *,
        (month_share - reference_share) * ln(month_share / reference_share) as part
    from shares
),

summed as (
    select
        month_date, feature,
        sum(cast(part as decimal(28, 12))) as psi,
        list(round(month_share, 6) order by bin) as month_shares,
        list(round(reference_share, 6) order by bin) as reference_shares
    from parts
    group by month_date, feature
),

compared as (
    select
        *,
        month_low = reference_low and month_high = reference_high as is_as_before
    from cuts
),

judged as (
    select
        cuts.*, params.min_watch, params.min_drift,
        summed.month_shares, summed.reference_shares,
        case
            when cuts.n_month = 0 and cuts.n_null > 0
                then 'the month has no value, only ' || cuts.n_null || ' nulls'
            when cuts.n_month < params.least_rows
                then 'too few: ' || cuts.n_month || ' values in the month, of ' || params.least_rows
            when cuts.n_reference < params.least_rows
                then
                    'too few: ' || cuts.n_reference || ' values in the sessions before, of '
                    || params.least_rows
            when cuts.reference_low = cuts.reference_high
                then
                    'constant at ' || round(cuts.reference_low, 6) || ' before'
                    || case when cuts.is_as_before then '' else ', and no longer' end
        end as reason,
        round(cast(summed.psi as double), 6) as psi
    from compared as cuts
    cross join params
    left join summed on cuts.month_date = summed.month_date and cuts.feature = summed.feature
)

select
    feature as name,  -- of features.drift_inputs
    month_date as period_date,  -- the month's first day
    told_at as known_at,  -- a day after the month
    case when reason is null then psi end as statistic,  -- population stability index
    cast(min_drift as double) as threshold,  -- beyond it is drift
    case
        when reason like 'constant%' and not is_as_before then 'drift'
        when reason is not null then null
        when psi > min_drift then 'drift'
        when psi >= min_watch then 'watch'
        else 'stable'
    end as state,  -- stable, watch or drift; null where it can't be said
    n_month as n,  -- values in the month
    reason,  -- why there is no statistic
    to_json(struct_pack(
        n_reference := n_reference, n_null := n_null, month_shares := month_shares,
        reference_shares := reference_shares
    )) as evidence  -- shares of each bin, from the lowest
from judged
