-- default: contract = 'AAPL240315C00180000', venue = 'CBOE', opt_trade_class = 'regular'

-- case: a tick is the last other price of the minute before, and an equal price inherits it
-- given: curated.option_prints
select *
from (
    values
    ('first', 1.00, '2024-03-01 15:00:00Z'),
    ('up', 1.05, '2024-03-01 15:00:10Z'),
    ('same', 1.05, '2024-03-01 15:01:00Z'),
    ('too old', 1.05, '2024-03-01 15:01:10.000001Z'),
    ('down', 1.01, '2024-03-01 15:01:20Z'),
    ('after a pause', 1.02, '2024-03-01 15:02:20.000001Z')
) as given (trade_id, price, known_at);
-- expect: trade_id, tick
values
('up', 1),
('same', 1),
('down', -1);

-- case: a print that was reported late changes no tick that was said before it
-- given: curated.option_prints
select *
from (
    values
    ('a', 1.00, '2024-03-01 15:00:00Z', '2024-03-01 15:00:00Z'),
    ('late', 1.20, '2024-03-01 15:00:01Z', '2024-03-01 15:00:03Z'),
    ('b', 1.10, '2024-03-01 15:00:02Z', '2024-03-01 15:00:02Z')
) as given (trade_id, price, traded_at, known_at);
-- expect: trade_id, tick
values
('late', 1),
('b', 1);

-- case: packages, crosses, late prints and cancels take no part in the tape
-- given: curated.option_prints
select *
from (
    values
    ('first', 1.00, 'regular', '2024-03-01 15:00:00Z'),
    ('leg', 1.20, 'multi_leg', '2024-03-01 15:00:01Z'),
    ('unknown', 1.20, null, '2024-03-01 15:00:01Z'),
    ('cancel', 1.20, 'cancel', '2024-03-01 15:00:02Z'),
    ('auction', 1.10, 'auction', '2024-03-01 15:00:03Z')
) as given (trade_id, price, opt_trade_class, known_at);
-- expect: trade_id, tick
values ('auction', 1);

-- case: each option and each trade has a tape and a tick of its own
-- given: curated.option_prints
select *
from (
    values
    ('AAPL240315C00180000', 'a', 1.00, '2024-03-01 15:00:00Z'),
    ('AAPL240315C00185000', 'b', 0.50, '2024-03-01 15:00:01Z'),
    ('AAPL240315C00180000', 'c', 0.90, '2024-03-01 15:00:02Z'),
    ('AAPL240315C00185000', 'd', 0.60, '2024-03-01 15:00:03Z')
) as given (contract, trade_id, price, known_at);
-- expect: contract, venue, trade_id, known_at, tick
values
('AAPL240315C00180000', 'CBOE', 'c', '2024-03-01 15:00:02Z', -1),
('AAPL240315C00185000', 'CBOE', 'd', '2024-03-01 15:00:03Z', 1);
