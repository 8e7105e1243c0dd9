-- default: entity = 'A', security_id = 'A', kind = 'stock', bar = 'session', sigma_frac = 0.02
-- default: has_cross_section = true, is_rise = false, n_beta = 0
-- default: known_at = '2024-03-01 21:15Z'

-- case: the golden threshold: of 2 percent a day, twice the usual of five sessions is 8.94 percent
-- given: backtest.horizons
select *
from (
    values
    ('session', '1 session', 1), ('session', '2 sessions', 2), ('session', '5 sessions', 5),
    ('session', '10 sessions', 10)
) as given (bar, horizon, n_bars);
-- given: backtest.prices
select
    *,
    price as traded_price
from (
    values
    ('A', 1, 100), ('A', 6, 100 * exp(0.08944)),
    ('B', 1, 100), ('B', 6, 100 * exp(0.08945)),
    ('C', 1, 100), ('C', 6, 100 * exp(-0.08945)),
    ('D', 1, 100), ('D', 6, 100 * exp(-0.1342))
) as given (security_id, place, price);
-- expect: security_id, horizon, is_sigma_2, is_sigma_3
values
('A', '5 sessions', false, false),
('B', '5 sessions', true, false),
('C', '5 sessions', true, false),
('D', '5 sessions', true, true);

-- case: a move is told with its moments, in the shares of its end
-- given: backtest.horizons
select *
from (
    values
    ('session', '1 session', 1), ('session', '2 sessions', 2), ('session', '5 sessions', 5),
    ('session', '10 sessions', 10)
) as given (bar, horizon, n_bars);
-- given: backtest.prices
select *
from (
    values
    (7, '2024-03-01', 10, 100, '2024-03-01 21:00Z', '2024-03-01 21:15Z'),
    (8, '2024-03-04', 11, 110, '2024-03-04 21:00Z', '2024-03-04 21:15Z'),
    (9, '2024-03-05', 12, 24, '2024-03-05 21:00Z', '2024-03-05 21:15Z')
) as given (place, session_date, price, traded_price, bar_at, known_at);
-- expect: session_date, horizon, priced_at, entry_price, exit_price, exit_at, return_frac,
--     next_price, next_at, known_at
values
(
    date '2024-03-01', '1 session', timestamptz '2024-03-01 21:15Z', 100, 110,
    timestamptz '2024-03-04 21:00Z', 0.1, 110, timestamptz '2024-03-04 21:00Z',
    timestamptz '2024-03-04 21:15Z'
),
(
    date '2024-03-01', '2 sessions', timestamptz '2024-03-01 21:15Z', 20, 24,
    timestamptz '2024-03-05 21:00Z', 0.2, 22, timestamptz '2024-03-04 21:00Z',
    timestamptz '2024-03-05 21:15Z'
),
(
    date '2024-03-04', '1 session', timestamptz '2024-03-04 21:15Z', 22, 24,
    timestamptz '2024-03-05 21:00Z', 0.090909091, 24, timestamptz '2024-03-05 21:00Z',
    timestamptz '2024-03-05 21:15Z'
);

-- case: without a volatility, and of a price that never moved, no label can be said
-- given: backtest.horizons
select *
from (
    values
    ('session', '1 session', 1), ('session', '2 sessions', 2), ('session', '5 sessions', 5),
    ('session', '10 sessions', 10)
) as given (bar, horizon, n_bars);
-- given: backtest.prices
select
    *,
    100 as traded_price
from (
    values
    ('short', 1, 100, null), ('short', 2, 150, null),
    ('still', 1, 100, 0), ('still', 2, 100, 0)
) as given (security_id, place, price, sigma_frac);
-- given: backtest.usual_moves
select
    'still' as security_id,
    1 as place,
    '1 session' as horizon,
    200 as n_moves,
    0 as percentile_95,
    0 as percentile_99;
-- expect: security_id, return_frac, is_sigma_2, is_sigma_3, is_percentile_95, is_percentile_99
values
('short', 0.5, null, null, null, null),
('still', 0, null, null, null, null);

-- case: beyond what was usual in its own year, if that has moves enough
-- given: backtest.horizons
select *
from (
    values
    ('session', '1 session', 1), ('session', '2 sessions', 2), ('session', '5 sessions', 5),
    ('session', '10 sessions', 10)
) as given (bar, horizon, n_bars);
-- given: backtest.prices
select
    *,
    price as traded_price
from (
    values
    ('over', 1, 100), ('over', 2, 100 * exp(-0.0301)),
    ('on', 1, 100), ('on', 2, 100 * exp(0.03)),
    ('few', 1, 100), ('few', 2, 100 * exp(0.05)),
    ('very few', 1, 100), ('very few', 2, 100 * exp(0.05))
) as given (security_id, place, price);
-- given: backtest.usual_moves
select
    *,
    1 as place,
    '1 session' as horizon,
    0.03 as percentile_95,
    0.04 as percentile_99
from (values ('over', 100), ('on', 252), ('few', 99), ('very few', 59)) as given (
    security_id, n_moves
);
-- expect: security_id, is_percentile_95, is_percentile_99
values
('over', true, false),
('on', false, false),
('few', true, null),
('very few', null, null);

-- case: the market is taken off as often as the entity follows it, else once
-- given: backtest.horizons
select *
from (
    values
    ('session', '1 session', 1), ('session', '2 sessions', 2), ('session', '5 sessions', 5),
    ('session', '10 sessions', 10)
) as given (bar, horizon, n_bars);
-- given: backtest.prices
select
    *,
    'SPY' as market
from (
    values
    ('A', 1, 100, 0.0, 10, 60, 1.5), ('A', 3, 110, ln(1.04), 12, 60, 9),
    ('B', 1, 100, 0.0, 10, 59, 1.5), ('B', 3, 110, ln(1.04), 12, 60, 9),
    ('gap', 1, 100, 0.0, 10, 60, 1.5), ('gap', 3, 110, ln(1.04), 11, 60, 9)
) as given (security_id, place, price, market_log_level, nth_market, n_beta, beta);
-- expect: security_id, market_return_frac, excess_frac, beta, market
values
('A', 0.04, 0.04, 1.5, 'SPY'),
('B', 0.04, 0.06, null, 'SPY'),
('gap', null, null, 1.5, 'SPY');

-- case: a rise within the horizon counts, one on the day of the entry or after the exit does not
-- given: backtest.horizons
select *
from (
    values
    ('session', '1 session', 1), ('session', '2 sessions', 2), ('session', '5 sessions', 5),
    ('session', '10 sessions', 10)
) as given (bar, horizon, n_bars);
-- given: backtest.prices
select
    *,
    100 as price
from (
    values
    (1, true, true), (2, false, true), (3, true, true), (6, false, true), (11, true, false),
    (12, false, false)
) as given (place, is_rise, has_cross_section);
-- expect: place, horizon, is_donoho_rise
values
(1, '1 session', false),
(1, '2 sessions', true),
(1, '5 sessions', true),
(1, '10 sessions', true),
(2, '1 session', true),
(2, '10 sessions', true),
(6, '5 sessions', true),
(11, '1 session', null);
