-- default: contract = 'BTC-26MAR21-50000-C', underlying = 'deribit:BTC-USD', multiplier = 1
-- default: expiration = '2021-03-26', expires_at = '2021-03-26 08:00Z', strike = 50_000
-- default: put_call = 'call', currency = 'BTC', exercise_style = 'european', is_adjusted = false

-- case: a contract stands as it was described until its correction is known
-- given: raw.contracts
select *
from (
    values
    ('2021-01-01 00:00Z', 10, false),
    ('2021-01-02 00:00Z', 1, false),
    ('2021-03-27 00:00Z', 1, true)
) as given (known_at, multiplier, is_gone);
-- expect: contract, underlying, expiration, expires_at, strike, put_call, multiplier, currency,
--     exercise_style, settlement, is_adjusted, known_at, withdrawn_at
values
(
    'BTC-26MAR21-50000-C', 'deribit:BTC-USD', '2021-03-26', '2021-03-26 08:00Z', 50_000, 'call',
    10, 'BTC', 'european', null, false, '2021-01-01 00:00Z', '2021-01-02 00:00Z'
),
(
    'BTC-26MAR21-50000-C', 'deribit:BTC-USD', '2021-03-26', '2021-03-26 08:00Z', 50_000, 'call',
    1, 'BTC', 'european', null, false, '2021-01-02 00:00Z', '2021-03-27 00:00Z'
);

-- case: of two descriptions of one moment the one recorded last is the only version
-- given: raw.contracts
select
    *,
    '2021-01-01 00:00Z' as known_at
from (
    values
    (10, '2026-01-01 00:00Z', 'b'),
    (1, '2026-01-02 00:00Z', 'a')
) as given (multiplier, recorded_at, load_id);
-- expect: multiplier, withdrawn_at
values (1, null);
