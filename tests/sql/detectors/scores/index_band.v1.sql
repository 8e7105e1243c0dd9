-- default: symbol = 'AAA', confidence = 50, label = 'any', coverage = 0.9, agreement = 1

-- case: it fires on the way into a band, and again only after it came back by 3 points
-- given: scores.smart_money_index
select
    cast(given.session_date as date) as session_date,
    sessions.closes_at + interval 5 hours as known_at,
    given.smart_money_index
from (
    values
    ('2024-03-04', 74.9), ('2024-03-05', 75), ('2024-03-06', 72), ('2024-03-07', 76),
    ('2024-03-08', 71.9), ('2024-03-11', 80), ('2024-03-12', 25), ('2024-03-13', 24.9),
    ('2024-03-14', 28), ('2024-03-15', 0)
) as given (session_date, smart_money_index)
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
    'AAA', '2024-03-05 21:00Z', '2024-03-06 02:00Z', 'bull', 20, 0.5,
    'scores.index_band|AAA|buying|band|2024-03-05'
),
(
    'AAA', '2024-03-11 20:00Z', '2024-03-12 01:00Z', 'bull', 23.8, 0.5,
    'scores.index_band|AAA|buying|band|2024-03-11'
),
(
    'AAA', '2024-03-13 20:00Z', '2024-03-14 01:00Z', 'bear', 20.076, 0.5,
    'scores.index_band|AAA|selling|band|2024-03-13'
);

-- case: with confidence of 60 it is a medium one, and a high one beyond 85 and 15
-- given: scores.smart_money_index
select
    given.symbol,
    cast(given.session_date as date) as session_date,
    sessions.closes_at + interval 5 hours as known_at,
    given.smart_money_index
from (
    values
    ('UP', '2024-03-05', 80), ('UP', '2024-03-06', 85), ('UP', '2024-03-07', 85.1),
    ('UP', '2024-03-08', 84), ('UP', '2024-03-11', 90), ('AT ONCE', '2024-03-05', 0),
    ('UNSURE', '2024-03-05', 100)
) as given (symbol, session_date, smart_money_index)
inner join curated.us_sessions as sessions
    on cast(given.session_date as date) = sessions.session_date;
-- given: scores.confidence
select
    given.symbol,
    given.confidence,
    sessions.session_date,
    sessions.closes_at + interval 5 hours as known_at
from (values ('UP', 60), ('AT ONCE', 75), ('UNSURE', 59.9)) as given (symbol, confidence)
cross join curated.us_sessions as sessions
where sessions.session_date between '2024-03-05' and '2024-03-11';
-- expect: entity, direction, score, alert_key
values
('UP', 'bull', 49.5, 'scores.index_band|UP|buying|band|2024-03-05'),
('UP', 'bull', round(60 + 19 * 0.1 / 15, 6), 'scores.index_band|UP|buying|far|2024-03-07'),
('AT ONCE', 'bear', 79, 'scores.index_band|AT ONCE|selling|far|2024-03-05'),
('UNSURE', 'bull', 39, 'scores.index_band|UNSURE|buying|band|2024-03-05');

-- case: an index that left the band for five sessions has to cross it again, by however little
-- span: 2024-03-14 2024-03-16
-- given: scores.smart_money_index
select
    given.symbol,
    sessions.session_date,
    sessions.closes_at + interval 5 hours as known_at,
    case
        when sessions.session_date = '2024-03-14' then 76
        when given.symbol = 'FIVE' and sessions.session_date = '2024-03-06' then 76
        when given.symbol = 'FOUR' and sessions.session_date = '2024-03-07' then 76
        else 74
    end as smart_money_index
from (values ('FOUR'), ('FIVE')) as given (symbol)
cross join curated.us_sessions as sessions
where sessions.session_date between '2024-03-01' and '2024-03-14';
-- expect: entity, alert_key
values ('FIVE', 'scores.index_band|FIVE|buying|band|2024-03-14');

-- case: an index without a label, and one that stays between the bands, are quiet
-- given: scores.smart_money_index
select
    date '2024-03-05' as session_date,
    timestamptz '2024-03-06 02:00Z' as known_at,
    *
from (values ('NONE', 80, null), ('QUIET', 74.999, 'moderate_bullish')) as given (
    symbol, smart_money_index, label
);
-- expect: nothing

-- case: chance alone brings a name into a band: three components that lean one way are enough
-- given: scores.smart_money_index
select
    date '2024-03-05' as session_date,
    timestamptz '2024-03-06 02:00Z' as known_at,
    75.2 as smart_money_index,
    8.4 as part_dp,
    8.4 as part_inst,
    8.4 as part_blocks;
-- expect: direction, headline
values ('bull', 'AAA: Smart Money Index 75.2, strong buying, confidence 0');
