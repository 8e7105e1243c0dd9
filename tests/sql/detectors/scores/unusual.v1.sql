-- default: symbol = 'AAPL', session_date = '2024-03-01', known_at = '2024-03-02 02:00Z'
-- default: n_components = 3, top_component = 'off_exchange', part_top = 99, is_high = false

-- case: the golden 97.03 is low, and the index gives it a side
-- given: scores.unusual_activity
select
    97.0299 as unusual_activity,
    'bear' as direction,
    0.5 as volume_pr,
    0.99 as off_exchange_pr,
    0.9 as blocks_pr,
    1.5 as volume_ratio,
    37.5 as unusual_activity_legacy;
-- expect: entity, entity_type, happened_at, fired_at, direction, score, confidence, notional_usd,
--     headline, alert_key, evidence
values (
    'AAPL', 'underlying', '2024-03-01 21:00Z', '2024-03-02 02:00Z', 'bear', 30.1495, 0.7, null,
    'AAPL: unusual 97.0 by 3 measures, most of all off exchange, above 99.0 % of its own past',
    'scores.unusual|AAPL|2024-03-01',
    '{
        "session_date": "2024-03-01", "unusual_activity": 97.0299, "n_components": 3,
        "top_component": "off_exchange", "volume_pr": 0.5, "off_exchange_pr": 0.99,
        "blocks_pr": 0.9, "calls_pr": null, "puts_pr": null, "net_pr": null,
        "institutional_pr": null, "insider_pr": null, "is_high": false, "volume_ratio": 1.5,
        "unusual_activity_legacy": 37.5
    }'
);

-- case: low from 95 on, medium from 99 on, high where one of them is high by itself
-- given: scores.unusual_activity
select *
from (
    values
    ('A', 95, true, 'volume'), ('B', 99, false, 'volume'), ('C', 100, false, 'calls'),
    ('D', 99, true, 'blocks'), ('E', 100, true, 'volume'), ('F', 100, true, 'institutional'),
    ('QUIET', 94.999999, true, 'volume'), ('UNKNOWN', null, true, null)
) as given (symbol, unusual_activity, is_high, top_component);
-- expect: entity, score
values
('A', 20),
('B', 40),
('C', 59),
('D', 60),
('E', 79),
('F', 39);

-- case: one episode is one alert, until it is usual again; an unknown session ends none
-- given: scores.unusual_activity
select
    told.session_date,
    sessions.closes_at + interval 5 hours as known_at,
    told.unusual_activity
from (
    values
    (date '2024-03-01', 96), (date '2024-03-04', 99), (date '2024-03-05', 66.5),
    (date '2024-03-06', null), (date '2024-03-07', 96), (date '2024-03-08', 66.4),
    (date '2024-03-11', 96)
) as told (session_date, unusual_activity)
inner join raw.sessions as sessions
    on told.session_date = sessions.session_date and sessions.calendar = 'XNYS';
-- expect: alert_key
values
('scores.unusual|AAPL|2024-03-01'),
('scores.unusual|AAPL|2024-03-11');

-- case: one stock in twenty is over the low bound on any day (noisy)
-- given: scores.unusual_activity
select
    'S' || i as symbol,
    i as unusual_activity
from range(76, 96) as t (i);
-- expect: entity
values ('S95');

-- case: usual and unknown sessions stay quiet
-- given: scores.unusual_activity
select *
from (
    values
    ('USUAL', 12.5), ('UNKNOWN', null)
) as given (symbol, unusual_activity);
-- expect: nothing
