-- default: contract = 'AAPL240315C00180000', session_date = '2024-02-13', currency = 'USD'
-- default: known_at = '2024-02-13 21:30Z', put_call = 'call', strike = 180, underlying_price = 185

-- case: what no quote and no greek can be is told
-- given: raw.option_chains
select *
from (
    values
    ('call', 9, 10, 0.4, 0.5, 0.01), ('call', 10, 9, 0.4, 0.5, 0.01),
    ('call', 9, 10, 40, 0.5, 0.01), ('call', 9, 10, 0.4, 1.5, 0.01),
    ('call', 9, 10, 0.4, -0.5, 0.01), ('put', 9, 10, 0.4, 0.5, 0.01),
    ('call', 9, 10, 0.4, 0.5, -0.01), ('call', 900, 910, null, null, null),
    ('put', 200, 210, null, null, null), ('call', 1, 0, null, null, null)
) as given (put_call, bid, ask, iv, delta, gamma);
-- expect: reason
values
('its bid is above its offer'), ('a volatility of 40.0'), ('a delta of 1.5'), ('a call that falls'),
('a put that rises'), ('a gamma of -0.01'), ('a call bid for more than the stock'),
('a put bid for more than its strike');
