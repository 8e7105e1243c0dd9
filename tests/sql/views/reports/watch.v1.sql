-- default: watchlist = 'desk', is_active = true, session_date = '2024-03-01', bar = '1m'
-- default: symbol = 'AAPL', source = 'loop', version = 1, entity = 'AAPL', way = 1, horizon = '1d'
-- default: label = 'planted'

-- case: what is over its threshold and has a high alert of another detector asks for an act; each
--     says its reasons, and how often who alarmed was right
-- span: 2024-02-28 2024-03-01T16:00Z
-- given: curated.watchlists
select
    *,
    timestamptz '2024-02-01 12:00Z' as known_at
from (
    values ('AAPL', 100, 100), ('MSFT', null, null), ('NVDA', null, null), ('IBM', null, null)
) as given (symbol, quantity, cost_usd);
-- given: features.watch_changes
select
    *,
    known_at - interval 1 minute as starts_at
from (
    values
    ('AAPL', timestamptz '2024-03-01 15:00Z', 105), ('AAPL', '2024-03-01 15:01Z', 106),
    ('MSFT', '2024-03-01 15:01Z', 50), ('NVDA', '2024-03-01 15:01Z', 70)
) as given (symbol, known_at, price);
-- given: features.watch_marks
select
    *,
    timestamptz '2024-03-01 15:00Z' as starts_at,
    timestamptz '2024-03-01 15:01Z' as known_at
from (
    values ('AAPL', 1, 1.2), ('AAPL', -1, -1.2), ('MSFT', 1, 0.8), ('NVDA', 1, 0)
) as given (symbol, way, times);
-- given: curated.alerts
select
    *,
    fired_at as known_at
from (
    values
    ('a', 'options.sweep', 'AAPL', 'high', 70, timestamptz '2024-03-01 14:00Z', 'swept'),
    ('b', 'options.sweep', 'AAPL', 'low', 30, '2024-02-29 14:00Z', 'swept before'),
    ('c', 'options.sweep', 'IBM', 'low', 30, '2024-01-29 14:00Z', 'x'),
    ('d', 'options.sweep', 'IBM', 'low', 30, '2024-01-29 14:01Z', 'x'),
    ('e', 'options.sweep', 'IBM', 'low', 30, '2024-01-30 14:01Z', 'x'),
    ('f', 'prices.watch_move', 'NVDA', 'medium', 50, '2024-03-01 14:00Z', 'moved')
) as given (alert_key, detector, entity, severity, score, fired_at, headline);
-- given: raw.events
select
    *,
    'options.sweep' as detector,
    starts_at as known_at,
    starts_at + interval 1 hour as ends_at
from (
    values
    ('1', 'IBM', timestamptz '2024-01-29 13:30Z'), ('2', 'AAPL', '2024-03-01 13:30Z')
) as given (event_id, entity, starts_at);
-- expect: symbol, suggestion, state, price, price_age_s, value_usd, gain_usd, gain_pct, n_alerts,
--     alert_headline, reasons
values
(
    'AAPL', 'act', 'over', 106, 3540, 10_600, 600, 6, 2, 'swept',
    'at 1.20 times its threshold of 1d; 2 alerts in eight days, by options.sweep (right in 3 of 5)'
),
(
    'MSFT', 'watch', 'near', 50, 3540, null, null, null, 0, null,
    'at 0.80 times its threshold of 1d; no alert of the loop in eight days'
),
(
    'NVDA', 'look', 'quiet', 70, 3540, null, null, null, 1, 'moved',
    'at 0.00 times its threshold of 1d; 1 alert in eight days, '
    || 'by prices.watch_move (nobody has measured it here)'
),
(
    'IBM', 'watch', 'no price', null, null, null, null, null, 0, null,
    'no price in the span; no alert of the loop in eight days'
);

-- case: what is put aside, or was taken off, is not on it
-- given: curated.watchlists
select *
from (
    values
    ('AAPL', false, '2024-02-01 12:00Z', null), ('MSFT', true, '2024-02-01 12:00Z', '2024-02-02')
) as given (symbol, is_active, known_at, withdrawn_at);
-- expect: nothing
