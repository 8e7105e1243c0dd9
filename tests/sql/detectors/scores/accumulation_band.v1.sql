-- default: symbol = 'AAA', confidence = 50

-- case: it fires on the way over 50, and again only after it came back by 3 points
-- given: scores.accumulation
select
    cast(given.session_date as date) as session_date,
    sessions.closes_at + interval 5 hours as known_at,
    given.accumulation
from (
    values
    ('2024-03-04', 50), ('2024-03-05', 60), ('2024-03-06', 47.1), ('2024-03-07', 51),
    ('2024-03-08', 47), ('2024-03-11', 75), ('2024-03-12', -50), ('2024-03-13', -100)
) as given (session_date, accumulation)
inner join curated.us_sessions as sessions
    on cast(given.session_date as date) = sessions.session_date;
-- given: scores.confidence
select
    sessions.session_date,
    sessions.closes_at + interval 5 hours as known_at
from curated.us_sessions as sessions
where sessions.session_date between '2024-03-04' and '2024-03-15';
-- expect: entity, happened_at, fired_at, direction, score, confidence, alert_key
values
(
    'AAA', '2024-03-05 21:00Z', '2024-03-06 02:00Z', 'bull', 23.8, 0.5,
    'scores.accumulation_band|AAA|building|2024-03-05'
),
(
    'AAA', '2024-03-11 20:00Z', '2024-03-12 01:00Z', 'bull', 29.5, 0.5,
    'scores.accumulation_band|AAA|building|2024-03-11'
),
(
    'AAA', '2024-03-13 20:00Z', '2024-03-14 01:00Z', 'bear', 39, 0.5,
    'scores.accumulation_band|AAA|reducing|2024-03-13'
);

-- case: with confidence of 60 it is a medium one
-- given: scores.accumulation
select
    date '2024-03-05' as session_date,
    timestamptz '2024-03-06 02:00Z' as known_at,
    -75 as accumulation;
-- given: scores.confidence
select
    date '2024-03-05' as session_date,
    timestamptz '2024-03-06 02:00Z' as known_at,
    60 as confidence;
-- expect: direction, score, headline
values ('bear', 49.5, 'AAA: accumulation -75.0, strongly reduced, confidence 60');

-- case: up to 50 it is quiet
-- given: scores.accumulation
select
    date '2024-03-05' as session_date,
    timestamptz '2024-03-06 02:00Z' as known_at,
    50 as accumulation;
-- expect: nothing

-- case: when a quarter is settled, names enter at once
-- given: scores.accumulation
select
    given.symbol,
    sessions.session_date,
    sessions.closes_at + interval 5 hours as known_at,
    case when sessions.session_date = '2024-02-15' then 55 else 0 end as accumulation
from (values ('AAA'), ('BBB')) as given (symbol)
cross join curated.us_sessions as sessions
where sessions.session_date between '2024-02-14' and '2024-02-15';
-- expect: entity, fired_at
values
('AAA', timestamptz '2024-02-16 02:00Z'),
('BBB', '2024-02-16 02:00Z');
