-- default: symbol = 'AAPL', divergence = 80, is_divergent = true, flow_basis = 'options'
-- default: has_earnings = false, s_flow = 0.8, s_price = -0.8, return_5d_pct = -4.24

-- case: price down and flow in are bullish, told five hours after the close
-- given: scores.divergence
select
    '2024-03-01' as session_date,
    timestamptz '2024-03-02 02:00Z' as known_at,
    'bullish' as label,
    0.8 as weaker_strength,
    25 as flow_pct,
    29.25 as divergence_legacy;
-- expect: entity, entity_type, happened_at, fired_at, direction, score, confidence, notional_usd,
--     headline, alert_key, evidence
values (
    'AAPL', 'underlying', '2024-03-01 21:00Z', '2024-03-02 02:00Z', 'bull', 30, 0.6, null,
    'AAPL: down 4.2 % in five sessions while options are bought; divergence 80',
    'scores.price_against_flow|AAPL|bullish|2024-03-01',
    '{
        "session_date": "2024-03-01", "divergence": 80, "s_flow": 0.8, "s_price": -0.8,
        "weaker_strength": 0.8, "return_5d_pct": -4.24, "flow_pct": 25, "flow_basis": "options",
        "has_earnings": false, "divergence_legacy": 29.25, "label_legacy": null
    }'
);

-- case: the weaker of both strengths says how grave it is, and below 0.75 it stays quiet
-- given: scores.divergence
select
    *,
    '2024-03-01' as session_date,
    timestamptz '2024-03-02 02:00Z' as known_at,
    'bearish' as label
from (
    values
    ('A', 0.75), ('B', 0.85), ('C', 0.9), ('D', 1), ('QUIET', 0.749999999)
) as given (symbol, weaker_strength);
-- expect: entity, direction, score
values
('A', 'bear', 20),
('B', 'bear', 40),
('C', 'bear', 60),
('D', 'bear', 79);

-- case: one episode is one alert, until it is over or turns
-- given: scores.divergence
select
    told.session_date,
    sessions.closes_at + interval 5 hours as known_at,
    told.label, told.weaker_strength,
    told.label is not null as is_divergent
from (
    values
    (date '2024-03-01', 'bullish', 0.8), (date '2024-03-04', 'bullish', 0.9),
    (date '2024-03-05', 'bullish', 0.55), (date '2024-03-06', 'bullish', 0.8),
    (date '2024-03-07', 'bullish', 0.52), (date '2024-03-08', 'bullish', 0.8),
    (date '2024-03-11', 'bearish', 0.8), (date '2024-03-12', 'bearish', 0.8),
    (date '2024-03-13', null, 0.6), (date '2024-03-14', 'bearish', 0.8)
) as told (session_date, label, weaker_strength)
inner join raw.sessions as sessions
    on told.session_date = sessions.session_date and sessions.calendar = 'XNYS';
-- expect: alert_key
values
('scores.price_against_flow|AAPL|bullish|2024-03-01'),
('scores.price_against_flow|AAPL|bullish|2024-03-08'),
('scores.price_against_flow|AAPL|bearish|2024-03-11'),
('scores.price_against_flow|AAPL|bearish|2024-03-14');

-- case: an episode goes on within five sessions of a strong one, and an unknown session ends none
-- given: scores.divergence
select
    session_date,
    closes_at + interval 5 hours as known_at,
    'bullish' as label,
    case when nth = 6 then null else 80 end as divergence,
    case when nth in (1, 4, 9, 14) then 0.8 else 0.6 end as weaker_strength
from (
    select
        *,
        row_number() over (order by sequence) as nth
    from raw.sessions
    where calendar = 'XNYS' and session_date >= '2024-03-01'
    qualify row_number() over (order by sequence) <= 20
) as sessions;
-- expect: alert_key
values ('scores.price_against_flow|AAPL|bullish|2024-03-01');

-- case: after five sessions without a strong one it is another episode
-- given: scores.divergence
select
    session_date,
    closes_at + interval 5 hours as known_at,
    'bullish' as label,
    case when nth in (1, 7) then 0.8 else 0.6 end as weaker_strength
from (
    select
        *,
        row_number() over (order by sequence) as nth
    from raw.sessions
    where calendar = 'XNYS' and session_date >= '2024-03-01'
    qualify row_number() over (order by sequence) <= 20
) as sessions;
-- expect: alert_key
values
('scores.price_against_flow|AAPL|bullish|2024-03-01'),
('scores.price_against_flow|AAPL|bullish|2024-03-11');

-- case: after a report of earnings it is usual, and less sure (noisy)
-- given: scores.divergence
select
    '2024-03-01' as session_date,
    timestamptz '2024-03-02 02:00Z' as known_at,
    'bearish' as label,
    0.9 as weaker_strength,
    8.51 as return_5d_pct,
    'prints' as flow_basis,
    true as has_earnings;
-- expect: confidence, headline
values (
    0.3,
    'AAPL: up 8.5 % in five sessions while prints are sold; divergence 80, after a report'
);

-- case: neutral and unknown sessions stay quiet
-- given: scores.divergence
select
    *,
    '2024-03-01' as session_date,
    timestamptz '2024-03-02 02:00Z' as known_at,
    false as is_divergent
from (
    values
    ('NEUTRAL', 0, 0), ('UNKNOWN', null, null), ('AGREED', 10, 0.9)
) as given (symbol, divergence, weaker_strength);
-- expect: nothing

-- case: what is not told before the end of the span is not answered
-- span: 2024-03-01 2024-03-02T02:00Z
-- given: scores.divergence
select
    '2024-03-01' as session_date,
    timestamptz '2024-03-02 02:00Z' as known_at,
    'bullish' as label,
    0.8 as weaker_strength;
-- expect: nothing
