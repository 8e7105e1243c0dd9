-- default: underlying = 'AAPL', session_date = '2024-03-01', put_call = 'call', side = 1
-- default: opt_trade_class = 'regular', premium_usd = 1_000, contract = 'c', sequence = 1

-- case: what was bought less what was sold adds up from minute to minute, calls and puts each alone
-- given: curated.option_trades
select *
from (
    values
    ('a', 'call', 1, 5_000, 180, '2024-03-01 15:00:10Z'),
    ('b', 'call', -1, 2_000, 180.5, '2024-03-01 15:00:50Z'),
    ('c', 'put', 1, 700, 181, '2024-03-01 15:02:00Z'),
    ('d', 'put', -1, 1_000, null, '2024-03-01 15:02:30Z')
) as given (trade_id, put_call, side, premium_usd, underlying_price, known_at);
-- expect: minute_at, net_call_usd, net_put_usd, net_premium_usd, premium_usd, price, known_at
values
('2024-03-01 15:00Z', 3_000, 0, 3_000, 7_000, 180.5, '2024-03-01 15:00:50Z'),
('2024-03-01 15:02Z', 3_000, -300, 3_300, 1_700, 181, '2024-03-01 15:02:30Z');

-- case: packages, crosses and prints of no known side are premium alone; withdrawn ones are nothing
-- given: curated.option_trades
select
    *,
    '2024-03-01 15:00Z' as known_at
from (
    values
    ('a', 'multi_leg', 1, 5_000, null),
    ('b', 'cross', null, 2_000, null),
    ('c', 'regular', null, 300, null),
    ('d', 'auction', 1, 40, null),
    ('e', 'regular', 1, 9_000, '2024-03-01 15:10Z'),
    ('f', 'cancel', null, 9_000, null)
) as given (trade_id, opt_trade_class, side, premium_usd, withdrawn_at);
-- expect: net_call_usd, net_put_usd, premium_usd
values (40, 0, 7_340);

-- case: each session and each underlying begins at nothing
-- given: curated.option_trades
select *
from (
    values
    ('a', 'AAPL', '2024-03-01', '2024-03-01 15:00Z'),
    ('b', 'AAPL', '2024-03-04', '2024-03-04 15:00Z'),
    ('c', 'SPY', '2024-03-04', '2024-03-04 15:00Z')
) as given (trade_id, underlying, session_date, known_at);
-- expect: underlying, session_date, net_premium_usd
values
('AAPL', '2024-03-01', 1_000), ('AAPL', '2024-03-04', 1_000), ('SPY', '2024-03-04', 1_000);
