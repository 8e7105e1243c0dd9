-- default: version = 1, entity = 'binance:BTC-USDT'

-- case: three alerts a day, then thirty: the rate drifts, and the budget once five days are over it
-- span: 2024-02-27 2024-03-10
-- given: curated.alerts
select
    'crypto.wall' as detector,
    'd' || dates.place || 'n' || numbers.n as alert_key,
    timestamptz '2024-02-01 12:00Z' + cast(dates.place as integer) * interval 1 day as fired_at,
    case when dates.place < 30 and numbers.n > 0 then 50 else 70 end as score
from range(35) as dates (place)
cross join range(30) as numbers (n)
where numbers.n < 3 or dates.place >= 30;
-- expect: kind, name, scope, period_date, known_at, statistic, state, n
-- (sqrt(n) + sqrt(n + 1) - sqrt(61)); high ones of five days, by five and by one a day
values
('alert_rate', 'crypto.wall', 'v1', '2024-02-25', '2024-02-27 00:00Z', 0.062734, 'stable', 15),
('alert_rate', 'crypto.wall', 'v1', '2024-02-26', '2024-02-28 00:00Z', 0.062734, 'stable', 15),
('alert_rate', 'crypto.wall', 'v1', '2024-02-27', '2024-02-29 00:00Z', 0.062734, 'stable', 15),
('alert_rate', 'crypto.wall', 'v1', '2024-02-28', '2024-03-01 00:00Z', 0.062734, 'stable', 15),
('alert_rate', 'crypto.wall', 'v1', '2024-02-29', '2024-03-02 00:00Z', 0.062734, 'stable', 15),
('alert_rate', 'crypto.wall', 'v1', '2024-03-01', '2024-03-03 00:00Z', 0.062734, 'stable', 15),
('alert_rate', 'crypto.wall', 'v1', '2024-03-02', '2024-03-04 00:00Z', 5.22793, 'drift', 42),
('alert_rate', 'crypto.wall', 'v1', '2024-03-03', '2024-03-05 00:00Z', 8.862974, 'drift', 69),
('alert_rate', 'crypto.wall', 'v1', '2024-03-04', '2024-03-06 00:00Z', 11.836567, 'drift', 96),
('alert_rate', 'crypto.wall', 'v1', '2024-03-05', '2024-03-07 00:00Z', 14.415816, 'drift', 123),
('alert_rate', 'crypto.wall', 'v1', '2024-03-06', '2024-03-08 00:00Z', 16.725405, 'drift', 150),
('budget', 'crypto.wall', 'v1', '2024-02-25', '2024-02-27 00:00Z', 1, 'stable', 5),
('budget', 'crypto.wall', 'v1', '2024-02-26', '2024-02-28 00:00Z', 1, 'stable', 5),
('budget', 'crypto.wall', 'v1', '2024-02-27', '2024-02-29 00:00Z', 1, 'stable', 5),
('budget', 'crypto.wall', 'v1', '2024-02-28', '2024-03-01 00:00Z', 1, 'stable', 5),
('budget', 'crypto.wall', 'v1', '2024-02-29', '2024-03-02 00:00Z', 1, 'stable', 5),
('budget', 'crypto.wall', 'v1', '2024-03-01', '2024-03-03 00:00Z', 1, 'stable', 5),
('budget', 'crypto.wall', 'v1', '2024-03-02', '2024-03-04 00:00Z', 6.8, 'watch', 34),
('budget', 'crypto.wall', 'v1', '2024-03-03', '2024-03-05 00:00Z', 12.6, 'watch', 63),
('budget', 'crypto.wall', 'v1', '2024-03-04', '2024-03-06 00:00Z', 18.4, 'watch', 92),
('budget', 'crypto.wall', 'v1', '2024-03-05', '2024-03-07 00:00Z', 24.2, 'watch', 121),
('budget', 'crypto.wall', 'v1', '2024-03-06', '2024-03-08 00:00Z', 30, 'drift', 150);

-- case: one that falls silent while others go on drifts, and a day without a loop counts for none
-- span: 2024-03-07 2024-03-10
-- given: curated.alerts
select
    detectors.detector,
    detectors.detector || dates.place || numbers.n as alert_key,
    timestamptz '2024-02-01 12:00Z' + cast(dates.place as integer) * interval 1 day as fired_at,
    50 as score
from (values ('crypto.wall', 29), ('crypto.pump', 37)) as detectors (detector, last_day)
cross join range(36) as dates (place)
cross join range(20) as numbers (n)
where dates.place < detectors.last_day and dates.place <> 33;
-- expect: kind, name, period_date, statistic, state, n
-- 1 - sqrt(401); a day later one of 30 days before has none, and the 33rd was without a loop
values
('alert_rate', 'crypto.pump', '2024-03-06', 0.024891, 'stable', 100),
('alert_rate', 'crypto.pump', '2024-03-07', 0.024891, 'stable', 100),
('alert_rate', 'crypto.wall', '2024-03-06', -19.024984, 'drift', 0),
('alert_rate', 'crypto.wall', '2024-03-07', -18.689253, 'drift', 0),
('budget', 'crypto.pump', '2024-03-06', 0, 'stable', 0),
('budget', 'crypto.pump', '2024-03-07', 0, 'stable', 0),
('budget', 'crypto.wall', '2024-03-06', 0, 'stable', 0),
('budget', 'crypto.wall', '2024-03-07', 0, 'stable', 0);

-- case: US detectors count by session, what is told after a close for the next one
-- span: 2024-02-17 2024-03-10
-- given: curated.us_sessions
select
    date '2024-02-12' + cast(place as integer) as session_date,
    timestamptz '2024-02-12 21:00Z' + cast(place as integer) * interval 1 day as closes_at
from range(6) as places (place);
-- given: curated.alerts
select
    *,
    'options.sweep' as detector,
    fired_at as alert_key,
    50 as score
from (
    values
    ('2024-02-12 15:00Z'), ('2024-02-13 15:00Z'), ('2024-02-14 15:00Z'), ('2024-02-15 15:00Z'),
    ('2024-02-15 22:00Z')
) as given (fired_at);
-- expect: kind, name, period_date, known_at, statistic, state, n, reason
values
(
    'alert_rate', 'options.sweep', '2024-02-16', '2024-02-17 21:00Z', null, null, 5,
    'too few: 0 sessions before these five, of 20'
),
(
    'budget', 'options.sweep', '2024-02-16', '2024-02-17 21:00Z', null, null, 0,
    'too few: 0 sessions before these five, of 20'
);

-- case: a new version begins anew, and the old one ends
-- span: 2024-02-27 2024-03-10
-- given: curated.alerts
select
    'crypto.wall' as detector,
    'd' || dates.place as alert_key,
    versions.version,
    timestamptz '2024-02-01 12:00Z' + cast(dates.place as integer) * interval 1 day as fired_at,
    50 as score
from range(32) as dates (place)
inner join (values (1, 0, 28), (2, 28, 32)) as versions (version, low, high)
    on dates.place >= versions.low and dates.place < versions.high;
-- expect: kind, scope, period_date
values
('alert_rate', 'v1', '2024-02-25'), ('alert_rate', 'v1', '2024-02-26'),
('alert_rate', 'v1', '2024-02-27'), ('alert_rate', 'v1', '2024-02-28'),
('budget', 'v1', '2024-02-25'), ('budget', 'v1', '2024-02-26'),
('budget', 'v1', '2024-02-27'), ('budget', 'v1', '2024-02-28');
