-- default: known_at = '2024-03-15 02:00Z', bar = 'session', horizon = '1 session', n_bars = 1

-- case: it is confidence where the share that was right rises from tier to tier beyond chance
-- given: curated.us_sessions
select
    sequence,
    date '2024-01-01' + cast(sequence as integer) as session_date
from range(70) as given (sequence);
-- given: scores.smart_money_index
select
    given.symbol,
    date '2024-01-01' + cast(sessions.nth as integer) as session_date,
    30 as smart_money_index,
    'moderate_bearish' as label,
    false as is_near_neutral
from range(60) as sessions (nth)
cross join (values ('L'), ('M'), ('H')) as given (symbol);
-- given: scores.confidence
select
    given.symbol, given.tier, given.confidence,
    date '2024-01-01' + cast(sessions.nth as integer) as session_date
from range(60) as sessions (nth)
cross join (values ('L', 'low', 10), ('M', 'medium', 40), ('H', 'high', 70)) as given (
    symbol, tier, confidence
);
-- given: backtest.moves
select
    given.entity,
    sessions.nth + 1 as place,
    0 as market_return_frac,
    case when sessions.nth % 6 < given.n_right then -0.01 else 0.01 end as excess_frac
from range(60) as sessions (nth)
cross join (values ('L', 3), ('M', 4), ('H', 6)) as given (entity, n_right);
-- expect: score, tier, n_rows, n_sessions, n_right, right_frac, right_low, right_high,
--     mean_signed_frac, mean_confidence, verdict, reason
values
('smart_money_index', 'low', 60, 60, 30, 0.5, 0.372414867, 0.627585133, 0, 10, 'confidence', null),
(
    'smart_money_index', 'medium', 60, 60, 40, 0.666666667, 0.54637825, 0.786955083,
    0.003333333, 40, 'confidence', null
),
('smart_money_index', 'high', 60, 60, 60, 1, 1, 1, 0.01, 70, 'confidence', null);

-- case: what is right as often in each tier, or rises by chance alone, is data completeness
-- given: curated.us_sessions
select
    sequence,
    date '2024-01-01' + cast(sequence as integer) as session_date
from range(70) as given (sequence);
-- given: scores.accumulation
select
    given.symbol,
    date '2024-01-01' + cast(sessions.nth as integer) as session_date,
    40 as accumulation,
    'moderate_accumulation' as label
from range(60) as sessions (nth)
cross join (values ('L'), ('M'), ('H')) as given (symbol);
-- given: scores.confidence
select
    given.symbol, given.tier,
    50 as confidence,
    date '2024-01-01' + cast(sessions.nth as integer) as session_date
from range(60) as sessions (nth)
cross join (values ('L', 'low'), ('M', 'medium'), ('H', 'high')) as given (symbol, tier);
-- given: backtest.moves
select
    given.entity, given.n_bars,
    given.n_bars || ' bars' as horizon,
    sessions.nth + 1 as place,
    0 as market_return_frac,
    case when sessions.nth % 60 < given.n_right then 0.01 else -0.01 end as excess_frac
from range(60) as sessions (nth)
cross join (
    values ('L', 1, 30), ('M', 1, 31), ('H', 1, 32), ('L', 2, 30), ('M', 2, 30), ('H', 2, 30)
) as given (entity, n_bars, n_right);
-- expect: horizon, tier, n_rows, n_right, verdict, reason
values
(
    '1 bars', 'low', 60, 30, 'data_completeness',
    'from low to high it rises no more than by chance'
),
(
    '1 bars', 'medium', 60, 31, 'data_completeness',
    'from low to high it rises no more than by chance'
),
(
    '1 bars', 'high', 60, 32, 'data_completeness',
    'from low to high it rises no more than by chance'
),
('2 bars', 'low', 30, 15, 'data_completeness', 'the share does not rise from tier to tier'),
('2 bars', 'medium', 30, 15, 'data_completeness', 'the share does not rise from tier to tier'),
('2 bars', 'high', 30, 15, 'data_completeness', 'the share does not rise from tier to tier');

-- case: what names no direction, or is before the span, is in none, and one tier says nothing
-- span: 2024-03-01 2024-04-01
-- given: curated.us_sessions
select
    sequence,
    date '2024-01-01' + cast(sequence as integer) as session_date
from range(70) as given (sequence);
-- given: scores.smart_money_index
select
    *,
    date '2024-01-01' as session_date
from (
    values
    ('A', 80, 'strong_buying', false, '2024-03-15 02:00Z'),
    ('B', 52, 'moderate_bullish', true, '2024-03-15 02:00Z'),
    ('C', 60, null, false, '2024-03-15 02:00Z'),
    ('D', 80, 'strong_buying', false, '2024-02-15 02:00Z')
) as given (symbol, smart_money_index, label, is_near_neutral, known_at);
-- given: scores.accumulation
select
    'A' as symbol,
    date '2024-01-01' as session_date,
    20 as accumulation,
    'neutral' as label;
-- given: scores.confidence
select
    *,
    date '2024-01-01' as session_date,
    'low' as tier,
    20 as confidence
from (values ('A'), ('B'), ('C'), ('D')) as given (symbol);
-- given: backtest.moves
select
    *,
    1 as place,
    0.02 as return_frac
from (values ('A'), ('B'), ('C'), ('D')) as given (entity);
-- expect: tier, n_rows, n_right, right_frac, right_low, n_whole_moves, mean_signed_frac, verdict,
--     reason
values (
    'low', 1, 1, 1, null, 1, 0.02, 'data_completeness', 'a tier has nothing that is over'
);

-- case: below twenty sessions a tier says nothing
-- given: curated.us_sessions
select
    sequence,
    date '2024-01-01' + cast(sequence as integer) as session_date
from range(70) as given (sequence);
-- given: scores.smart_money_index
select
    given.symbol,
    date '2024-01-01' + cast(sessions.nth as integer) as session_date,
    90 as smart_money_index,
    'strong_buying' as label,
    false as is_near_neutral
from range(19) as sessions (nth)
cross join (values ('L'), ('M'), ('H')) as given (symbol);
-- given: scores.confidence
select
    given.symbol, given.tier,
    50 as confidence,
    date '2024-01-01' + cast(sessions.nth as integer) as session_date
from range(19) as sessions (nth)
cross join (values ('L', 'low'), ('M', 'medium'), ('H', 'high')) as given (symbol, tier);
-- given: backtest.moves
select
    given.entity,
    sessions.nth + 1 as place,
    0 as market_return_frac,
    case when sessions.nth < given.n_right then 0.01 else -0.01 end as excess_frac
from range(19) as sessions (nth)
cross join (values ('L', 1), ('M', 10), ('H', 19)) as given (entity, n_right);
-- expect: tier, n_right, verdict, reason
values
('low', 1, 'data_completeness', 'a tier has too few sessions'),
('medium', 10, 'data_completeness', 'a tier has too few sessions'),
('high', 19, 'data_completeness', 'a tier has too few sessions');
