-- what:    How many of the alerts that persons looked at were real, and whether persons agree.
-- grain:   one row per detector and version of which an alert of the span was reviewed
-- status:  live

with params as (
    select 1.96 as z  -- of a normal distribution: 95 % lie within
),

labels as (
    select labels.*
    from curated.review_labels as labels
    cross join ops.clock as clock
    where labels.fired_at >= clock.since and labels.fired_at < clock.until
),

counted as (
    select
        detector, version,
        count(*) as n_reviewed,
        sum(case when is_real then 1 else 0 end) as n_real,
        sum(case when not is_real then 1 else 0 end) as n_false,
        sum(case when is_real is null then 1 else 0 end) as n_unsure,
        sum(case when is_disputed then 1 else 0 end) as n_disputed
    from labels
    group by detector, version
),

-- Each reviewer's last word on alerts that two and more looked at, as Fleiss counts them.
words as (
    select
        said.detector, said.version, said.alert_key, said.verdict,
        count(*) as n_said
    from curated.reviews as said
    inner join labels on said.alert_key = labels.alert_key
    where said.is_last_of_reviewer and labels.n_reviewers > 1
    group by said.detector, said.version, said.alert_key, said.verdict
),

alerts as (
    select
        detector, version, alert_key,
        sum(n_said) as n_reviewers,
        sum(n_said * (n_said - 1)) / (sum(n_said) * (sum(n_said) - 1)) as agreement
    from words
    group by detector, version, alert_key
),

verdicts as (
    select
        detector, version, verdict,
        sum(n_said) as n_said
    from words
    group by detector, version, verdict
),

by_chance as (
    select
        detector, version,
        sum(n_said * n_said) / (sum(n_said) * sum(n_said)) as chance
    from verdicts
    group by detector, version
),

agreements as (
    select
        detector, version,
        count(*) as n_shared,
        avg(agreement) as agreement
    from alerts
    group by detector, version
),

shares as (
    select
        counted.*, params.z, agreements.n_shared, agreements.agreement, by_chance.chance,
        counted.n_real + counted.n_false as n_sure,
        counted.n_real / nullif(counted.n_real + counted.n_false, 0) as accuracy
    from counted
    cross join params
    left join agreements
        on counted.detector = agreements.detector and counted.version = agreements.version
    left join by_chance
        on counted.detector = by_chance.detector and counted.version = by_chance.version
),

-- Wilson's interval, which holds for few alerts too.
bounded as (
    select
        *,
        (accuracy + z * z / (2 * n_sure)) / (1 + z * z / n_sure) as middle,
        z / (1 + z * z / n_sure)
        * sqrt(accuracy * (1 - accuracy) / n_sure + z * z / (4 * n_sure * n_sure)) as reach
    from shares
)

select
    detector,  -- the id of the detector whose alerts were reviewed
    version,  -- of the detector
    n_reviewed,  -- alerts of the span that somebody reviewed
    cast(n_real as bigint) as n_real,  -- as the newest verdict has it
    cast(n_false as bigint) as n_false,  -- as above
    cast(n_unsure as bigint) as n_unsure,  -- of which nobody can tell
    round(accuracy, 6) as precision_frac,  -- n_real of all that somebody is sure of
    round(greatest(0, middle - reach), 6) as precision_low_frac,  -- 95 % interval
    round(least(1, middle + reach), 6) as precision_high_frac,  -- as above
    cast(n_disputed as bigint) as n_disputed,  -- reviewers say different things of them
    coalesce(n_shared, 0) as n_shared,  -- that two and more reviewed
    round(agreement, 6) as agreement_frac,  -- of two reviewers of one alert, how often alike
    round((agreement - chance) / nullif(1 - chance, 0), 6)
        as kappa  -- Fleiss: 1 is always alike, 0 as by chance; null where all say one thing
from bounded
