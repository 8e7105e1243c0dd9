-- what:    What reviewed alerts are labelled: the newest verdict, and how many agree with it.
-- grain:   one row per alert that somebody reviewed
-- status:  live

with said as (
    select *
    from curated.reviews
    where is_last_of_reviewer
),

standing as (
    select *
    from curated.reviews
    where is_standing
)

select
    standing.alert_key,
    standing.detector,
    standing.version,
    standing.entity,
    standing.happened_at,
    standing.fired_at,
    standing.verdict,  -- real, false or unsure
    case when standing.verdict <> 'unsure' then standing.verdict = 'real' end
        as is_real,  -- the label; null where nobody is sure
    standing.reviewer,  -- whose verdict stands
    standing.note,
    standing.reviewed_at,
    standing.known_at,
    count(said.review_id) as n_reviewers,  -- who said something of it
    sum(case when said.verdict = standing.verdict then 1 else 0 end)
        as n_agree,  -- of them, that say the same
    sum(case when said.verdict = standing.verdict then 0 else 1 end) > 0
        as is_disputed  -- somebody says otherwise
from standing
inner join said on standing.alert_key = said.alert_key
group by
    standing.alert_key, standing.detector, standing.version, standing.entity, standing.happened_at,
    standing.fired_at, standing.verdict, standing.reviewer, standing.note, standing.reviewed_at,
    standing.known_at
