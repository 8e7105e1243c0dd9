-- rule:    A11
-- what:    How often what looked like new positions was opened, kind by kind, beside all contracts.
-- grain:   one row per kind of tag, over the sessions that have a verdict
-- status:  live
-- needs:   2 sessions

with judged as (
    select *
    from reports.open_close_verdict
    where verdict is not null
),

sessions as (
    select session_date
    from judged
    group by session_date
),

everybody as (
    select
        count(*) as n_contracts,
        count(*) filter (where changes.open_close_label = 'mostly_opening') as n_opened
    from features.oi_change as changes
    inner join sessions on changes.oi_date = sessions.session_date
    where
        changes.withdrawn_at is null
        and changes.open_close_label in ('mostly_opening', 'mostly_closing', 'mixed')
)

select
    judged.tag_kind,
    count(*) as n,  -- tags with a verdict
    count(*) filter (where judged.verdict = 'opened') as n_opened,  -- mostly opened
    count(*) filter (where judged.verdict = 'closed') as n_closed,  -- mostly closed
    count(*) filter (where judged.verdict = 'mixed') as n_mixed,  -- neither
    round(count(*) filter (where judged.verdict = 'opened') / count(*), 6)
        as hit_frac,  -- of the tags, opened
    round(any_value(everybody.n_opened) / nullif(any_value(everybody.n_contracts), 0), 6)
        as base_frac,  -- of all contracts of these sessions, mostly opened
    min(judged.session_date) as first_session,  -- of the tags
    max(judged.session_date) as last_session,  -- of the tags
    max(judged.known_at) as known_at
from judged
cross join everybody
group by judged.tag_kind
