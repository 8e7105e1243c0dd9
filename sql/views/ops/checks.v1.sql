-- what:    Every check of the data with what it found last, and whether that holds for it as it is.
-- grain:   one row per check in force
-- status:  live

with checks as (
    select
        view as check_id, version, what, severity, every, fingerprint
    from ops.views
    where path like 'sql/checks/%' and status = 'live'
    qualify row_number() over (partition by view order by version desc) = 1
),

newest as (
    select *
    from raw.check_results
    where not is_gone
    qualify row_number() over (
        partition by check_id order by checked_at desc, recorded_at desc, load_id desc
    ) = 1
)

select
    checks.check_id,
    split_part(checks.check_id, '.', 1) as dataset,
    checks.severity,  -- how bad a finding of it is
    case
        when newest.check_id is null then 'never'
        when newest.n_bad is null then 'broken'
        when newest.n_bad > 0 then 'failing'
        else 'ok'
    end as state,  -- ok, failing, broken (it could not be asked) or never
    newest.n_bad,  -- rows that it called bad
    newest.n_looked_at,  -- rows of its dataset in the span
    newest.since,
    newest.until,
    newest.checked_at,  -- when it was asked last
    newest.reason,  -- why it could not be asked
    newest.sample,  -- at most five of the bad rows
    coalesce(newest.fingerprint = checks.fingerprint, false)
        as is_current,  -- the check, and all that it reads, is as it was then
    checks.every,  -- how often it is worth asking
    checks.what  -- the rows that it finds
from checks
left join newest on checks.check_id = newest.check_id
