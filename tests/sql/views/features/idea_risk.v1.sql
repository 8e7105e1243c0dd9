-- default: cik = '1', manager = 'Line LLC', cusip = 'A', period_end = '2024-06-30'
-- default: known_at = '2024-08-10 20:00Z', shares = 100, manager_type = 'active'

-- case: of two tilts the stock that moves more by itself is the better idea; days and ratio beside
-- given: features.position_tilts
select *
from (
    values
    ('A', 'AAA', 0.5, 0.4, 5, 20_000_000),
    ('B', 'BBB', 0.4, 0.3, 4, 500_000),
    ('C', 'NEW', 0.1, 0.1, null, 100)
) as given (cusip, ticker, portfolio_frac, tilt, weight_ratio, shares);
-- given: curated.us_sessions
select session_date, sequence, closes_at from curated.us_sessions;
-- given: curated.equity_bars
-- SPY is a hundredth higher in two sessions of four, AAA two; BBB goes up and down by itself.
select
    moves.symbol, sessions.session_date, moves.volume,
    sessions.closes_at as known_at,
    '1d' as bar,
    100 * exp(
        moves.with_market * (sessions.sequence // 2 % 2) + moves.own * (sessions.sequence % 2)
    ) as close_full
from curated.us_sessions as sessions
cross join (
    values ('SPY', 0.01, 0, 1), ('AAA', 0.02, 0, 5_000_000), ('BBB', 0.01, 0.03, 1_000_000)
) as moves (symbol, with_market, own, volume)
where sessions.session_date between '2024-03-01' and '2024-06-28';
-- expect: cusip, tilt, weight_ratio, volatility, days_to_trade, idea_place, is_by_volatility
values
('A', 0.4, 5, 0, 20, 3, true),
('B', 0.3, 4, 0.030253169, 2.5, 1, true),
('C', 0.1, null, null, null, 2, true);

-- case: half of the stocks without bars, and what is told too late, leave the tilt alone
-- param: adv_sessions = 3
-- param: max_lag_days = 45
-- given: features.position_tilts
select *
from (
    values
    ('1', 'A', 'AAA', 0.5, -0.5, '2024-08-14 20:00Z'),
    ('1', 'B', 'BBB', 0.3, 0.3, '2024-08-14 20:00Z'),
    ('1', 'C', null, 0.2, 0.2, '2024-08-14 20:00Z'),
    ('2', 'A', 'AAA', 0.5, 0.5, '2024-08-15 20:00Z'),
    ('3', 'A', 'AAA', 0.5, null, '2024-08-14 20:00Z'),
    ('3', 'D', null, 0.3, null, '2024-08-14 20:00Z')
) as given (cik, cusip, ticker, portfolio_frac, tilt, known_at);
-- given: curated.us_sessions
select session_date, sequence, closes_at from curated.us_sessions;
-- given: curated.equity_bars
select
    'AAA' as symbol,
    '1d' as bar,
    sessions.session_date,
    sessions.closes_at as known_at,
    100 * exp(0.01 * (sessions.sequence % 2)) as close_full
from curated.us_sessions as sessions
where sessions.session_date between '2024-06-01' and '2024-06-28';
-- expect: cik, cusip, is_by_volatility, idea_place, volatility is not null
values
('1', 'A', false, 3, true),
('1', 'B', false, 1, false),
('1', 'C', false, 2, false),
('3', 'A', true, 1, true),
('3', 'D', true, 2, false);
