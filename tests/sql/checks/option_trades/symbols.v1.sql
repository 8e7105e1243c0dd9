-- default: calendar = 'XNYS', venue = 'C', traded_at = '2024-02-13 15:00Z', size = 1, price = 1

-- case: a strike of ten times the symbol's is told, and what is no OSI symbol is not held to it
-- given: raw.option_trades
select *
from (
    values
    ('AAPL240315C00180000', 'XNYS', '2024-03-15', 'call', 180),
    ('AAPL240315C00180000', 'XNYS', '2024-03-15', 'call', 1_800),
    ('AAPL240315C00180500', 'XNYS', '2024-03-15', 'call', 180.5),
    ('BTC-15MAR24-60000-C', '24/7', '2024-03-15', 'call', 60_000)
) as given (contract, calendar, expiration, put_call, strike);
-- expect: entity, reason
values (
    'AAPL240315C00180000',
    'its symbol ends in 240315C00180000, its columns say 240315C01800000'
);
