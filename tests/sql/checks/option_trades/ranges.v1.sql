-- default: contract = 'AAPL240315C00180000', traded_at = '2024-02-13 15:00Z', currency = 'USD'
-- default: put_call = 'call', strike = 180, underlying_price = 185, bid = 9, ask = 10

-- case: what no option costs is told; a deep call near the stock's price is not
-- given: raw.option_trades
select *
from (
    values
    ('USD', 'call', 9.5, 0.4, 0.5), ('USD', 'call', 950, 0.4, 0.5), ('USD', 'put', 250, 0.4, -0.5),
    ('USD', 'call', 95, 0.4, 0.5), ('USD', 'call', 9.5, 40, 0.5), ('USD', 'call', 9.5, 0.4, 5),
    ('BTC', 'call', 1.5, 0.4, 0.5), ('BTC', 'put', 1.5, 0.4, -0.5)
) as given (currency, put_call, price, iv, delta);
-- expect: reason
values
('a call for more than the stock'), ('a put for more than its strike'),
('a price far above the offer'), ('a volatility of 40.0'), ('a delta of 5.0'),
('a call for over one coin');
