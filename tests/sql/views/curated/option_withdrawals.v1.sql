-- default: contract = 'AAPL240315C00180000', venue = 'CBOE', session_date = '2024-03-01'
-- default: source = 'massive_option_trades', known_at = '2024-03-01 15:00Z'

-- case: what stands is none, and a cancel is none either
-- given: curated.option_prints
select *
from (
    values
    ('a', 'regular', '2024-03-01 15:01Z'),
    ('b', 'regular', null),
    ('c', 'cancel', '2024-03-01 15:01Z'),
    ('d', null, '2024-03-01 15:02Z')
) as given (trade_id, opt_trade_class, withdrawn_at);
-- expect: trade_id, known_at, session_date, withdrawn_at
values
('a', '2024-03-01 15:00Z', '2024-03-01', '2024-03-01 15:01Z'),
('d', '2024-03-01 15:00Z', '2024-03-01', '2024-03-01 15:02Z');
