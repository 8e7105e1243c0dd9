-- default: term = 'all', session_date = '2024-01-30', mark = 1, known_at = '2024-01-30 15:00Z'
-- default: is_half_session = false, is_capped = true, half_hour = 0, volume = 100
-- default: withdrawn_at = null

-- case: three times the month is beyond only if no session before the reports of a year had more
-- param: near_sessions = 2
-- param: min_windows = 2
-- param: min_mean_obs = 5
-- span: 2024-01-30 14:30Z 2024-01-30 15:30Z
-- given: curated.us_sessions
select
    sequence,
    date '2024-01-01' + cast(sequence - 1 as integer) as session_date,
    timestamptz '2024-01-01 14:30Z' + to_days(cast(sequence - 1 as integer)) as opens_at,
    timestamptz '2024-01-01 21:00Z' + to_days(cast(sequence - 1 as integer)) as closes_at
from range(1, 41) as given (sequence);
-- given: curated.earnings
select *
from (
    values
    ('A', 1, '2024-01-10 21:30Z', '2024-01-02 00:00Z'),
    ('A', 2, '2024-01-20 12:00Z', '2024-01-02 00:00Z'),
    ('A', 3, '2024-01-31 21:30Z', '2024-01-02 00:00Z'),
    ('B', 4, '2024-01-10 21:30Z', '2024-01-02 00:00Z'),
    ('B', 5, '2024-01-20 12:00Z', '2024-01-02 00:00Z'),
    ('late', 6, '2024-01-10 21:30Z', '2024-01-02 00:00Z'),
    ('late', 7, '2024-01-20 12:00Z', '2024-01-30 14:30:01Z')
) as given (entity, event_id, reports_at, known_at);
-- given: features.option_event_context
select *
from (
    values ('A', true), ('B', true), ('late', true), ('none', true), ('far', false)
) as given (underlying, is_capped);
-- given: features.option_marks
select *
from (
    values
    ('A', 'call', 440), ('A', 'put', 100), ('B', 'call', 430), ('B', 'put', 101),
    ('late', 'call', 9_999), ('none', 'call', 9_999), ('far', 'call', 9_999)
) as given (underlying, put_call, volume);
-- given: features.option_half_hours
select
    listed.underlying,
    kinds.put_call,
    date '2024-01-01' + cast(numbers.place - 1 as integer) as session_date,
    date '2024-01-01' + cast(numbers.place - 1 as integer) as known_date,
    case
        when kinds.put_call = 'put' then 100
        -- The day before one report, that before the other, and a day of no report.
        when numbers.place = 9 then 300
        when numbers.place = 19 then 200
        when numbers.place = 25 then 900
        else 100
    end as volume
from range(1, 30) as numbers (place)
cross join (values ('call'), ('put')) as kinds (put_call)
cross join (values ('A'), ('B'), ('late'), ('none'), ('far')) as listed (underlying);
-- expect: underlying, session_date, mark, known_at, n_windows, call_ratio20, max_call_ratio20,
--     is_call_beyond, put_ratio20, max_put_ratio20, is_put_beyond, call_shift, min_call_shift,
--     max_call_shift, is_share_beyond
values
(
    'A', '2024-01-30', 1, '2024-01-30 15:00Z', 2, 3.034483, 3, true, 1, 1, false, 0.222978, -0.05,
    0.25, false
),
(
    'B', '2024-01-30', 1, '2024-01-30 15:00Z', 2, 2.965517, 3, false, 1.01, 1, true, 0.217956,
    -0.05, 0.25, false
),
(
    'late', '2024-01-30', 1, '2024-01-30 15:00Z', 1, 68.958621, 3, false, 0, 1, false, 0.408163,
    -0.05, 0.25, false
),
(
    'none', '2024-01-30', 1, '2024-01-30 15:00Z', 0, 68.958621, null, false, 0, null, false,
    0.408163, null, null, false
);

-- case: half sessions are like nothing, and a later mark counts what came after the first
-- param: near_sessions = 2
-- param: min_windows = 1
-- param: min_mean_obs = 5
-- span: 2024-01-30 14:30Z 2024-01-30 15:31Z
-- given: curated.us_sessions
select
    sequence,
    sequence = 9 as is_half_session,
    date '2024-01-01' + cast(sequence - 1 as integer) as session_date,
    timestamptz '2024-01-01 14:30Z' + to_days(cast(sequence - 1 as integer)) as opens_at,
    timestamptz '2024-01-01 21:00Z' + to_days(cast(sequence - 1 as integer)) as closes_at
from range(1, 41) as given (sequence);
-- given: curated.earnings
select
    'A' as entity,
    1 as event_id,
    '2024-01-10 21:30Z' as reports_at,
    '2024-01-02 00:00Z' as known_at;
-- given: features.option_event_context
select 'A' as underlying;
-- given: features.option_marks
select
    *,
    'A' as underlying
from (
    values
    ('call', 1, '2024-01-30 15:00Z', 110), ('put', 1, '2024-01-30 15:00Z', 10),
    ('call', 2, '2024-01-30 15:30Z', 110), ('put', 2, '2024-01-30 15:30Z', 10)
) as given (put_call, mark, known_at, volume);
-- given: features.option_half_hours
select
    hours.half_hour,
    kinds.put_call,
    'A' as underlying,
    date '2024-01-01' + cast(numbers.place - 1 as integer) as session_date,
    date '2024-01-01' + cast(numbers.place - 1 as integer) as known_date,
    case when numbers.place = 9 then 9_999 else 100 end as volume
from range(1, 30) as numbers (place)
cross join (values ('call'), ('put')) as kinds (put_call)
cross join (values (0), (1), (2)) as hours (half_hour);
-- expect: mark, n_windows, call_ratio20, max_call_ratio20, is_call_beyond, call_shift,
--     max_call_shift, is_share_beyond
values
(1, 1, 1.1, 1, true, 0.416667, 0, true), (2, 1, 0.55, 1, false, 0.416667, 0, true);

-- case: between two marks nothing is told
-- span: 2024-01-30 15:00:00.000001Z 2024-01-30 15:30Z
-- given: features.option_marks
select
    'A' as underlying,
    'call' as put_call;
-- expect: nothing
