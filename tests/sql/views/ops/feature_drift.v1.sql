-- case: index of hand-made bins: stable, watch and drift; it is told a day after the month
-- given: curated.us_sessions
select
    date '2024-01-02' + cast(sequence + case when sequence > 10 then 20 else 0 end as integer)
        as session_date,
    sequence
from range(1, 21) as given (sequence);
-- given: features.drift_inputs
-- Ten values in each tenth of the year before; then as many, or some of them elsewhere.
select
    features.feature,
    'S' || places.place as symbol,
    date '2024-01-02'
    + cast(dates.place + case when dates.place > 10 then 20 else 0 end as integer)
        as session_date,
    session_date + interval 22 hours as known_at,
    case
        when dates.place > 10 and places.place = 10 and dates.place - 10 <= features.n_moved then 1
        else 10 * (places.place - 1) + (dates.place - 1) % 10
    end as value
from (values ('same', 0), ('some', 8), ('all', 10)) as features (feature, n_moved)
cross join range(1, 11) as places (place)
cross join range(1, 21) as dates (place);
-- expect: name, period_date, known_at, statistic, threshold, state, n, reason
-- 0.08 ln 1.8 + 0.08 ln 5, and 0.1 ln 2 + 0.0999 ln 1000
values
('same', '2024-02-01', '2024-03-02 00:00Z', 0, 0.25, 'stable', 100, null),
('some', '2024-02-01', '2024-03-02 00:00Z', 0.175778, 0.25, 'watch', 100, null),
('all', '2024-02-01', '2024-03-02 00:00Z', 0.759399, 0.25, 'drift', 100, null),
(
    'same', '2024-01-01', '2024-02-02 00:00Z', null, 0.25, null, 100,
    'too few: 0 values in the sessions before, of 100'
),
(
    'some', '2024-01-01', '2024-02-02 00:00Z', null, 0.25, null, 100,
    'too few: 0 values in the sessions before, of 100'
),
(
    'all', '2024-01-01', '2024-02-02 00:00Z', null, 0.25, null, 100,
    'too few: 0 values in the sessions before, of 100'
);

-- case: what is constant, null throughout, of one row or no number is told in words
-- span: 2024-02-03 2024-04-01
-- given: curated.us_sessions
select
    date '2024-01-02' + cast(sequence + case when sequence > 10 then 20 else 0 end as integer)
        as session_date,
    sequence
from range(1, 21) as given (sequence);
-- given: features.drift_inputs
select
    features.feature,
    'S' || places.place as symbol,
    date '2024-01-02'
    + cast(dates.place + case when dates.place > 10 then 20 else 0 end as integer)
        as session_date,
    session_date + interval 22 hours as known_at,
    case when dates.place > 10 then features.now else features.before end as value
from (
    values
    ('constant', 7, 7), ('no longer constant', 7, 3), ('null', 7, null),
    ('no number', 7, cast('nan' as double)), ('new', null, 7)
) as features (feature, before, now)
cross join range(1, 11) as places (place)
cross join range(1, 21) as dates (place)
union all
select
    'one row' as feature,
    'S1' as symbol,
    date '2024-02-02' as session_date,
    timestamptz '2024-02-02 22:00Z' as known_at,
    7 as value;
-- expect: name, period_date, statistic, state, n, reason
values
('constant', '2024-02-01', null, null, 100, 'constant at 7.0 before'),
('no longer constant', '2024-02-01', null, 'drift', 100, 'constant at 7.0 before, and no longer'),
('null', '2024-02-01', null, null, 0, 'the month has no value, only 100 nulls'),
('no number', '2024-02-01', null, null, 0, 'the month has no value, only 100 nulls'),
('new', '2024-02-01', null, null, 100, 'too few: 0 values in the sessions before, of 100'),
('one row', '2024-02-01', null, null, 1, 'too few: 1 values in the month, of 100');

-- case: a month that is not over, and what is told later of one, count for nothing
-- span: 1970-01-01 2024-03-02
-- given: curated.us_sessions
select
    date '2024-01-02' + cast(sequence + case when sequence > 10 then 20 else 0 end as integer)
        as session_date,
    sequence
from range(1, 21) as given (sequence);
-- given: features.drift_inputs
select
    'late' as feature,
    'S' || places.place as symbol,
    date '2024-01-02'
    + cast(dates.place + case when dates.place > 10 then 20 else 0 end as integer)
        as session_date,
    case
        when places.place = 1 then timestamptz '2024-02-02 00:00:01Z'
        else session_date + interval 22 hours
    end as known_at,
    dates.place as value
from range(1, 11) as places (place)
cross join range(1, 21) as dates (place);
-- expect: name, period_date, n
values ('late', '2024-01-01', 90);

-- case: no feature at all is no row
-- expect: nothing
