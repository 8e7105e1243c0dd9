-- default: underlying = 'KILO', session_date = '2024-03-01', known_at = '2024-03-01 16:00Z'
-- default: half_hour = 3, put_call = 'call', volume = 10, premium_usd = 100
-- default: bought_usd = 0, sold_usd = 0

-- case: half hours up to the close add up, calls bought and puts sold lean to buyers
-- span: 2024-03-01 2024-03-02
-- given: features.option_half_hours
select *
from (
    values
    ('call', -1, 5), ('call', 12, 7), ('put', 4, 3), ('call', 13, 900)
) as given (put_call, half_hour, volume);
-- given: features.option_flow_half_hours
select *
from (
    values
    ('call', -1, 100, 60, 10), ('put', 4, 100, 10, 40), ('call', 13, 900, 900, 0)
) as given (put_call, half_hour, premium_usd, bought_usd, sold_usd);
-- expect: underlying, session_date, known_at, call_volume, put_volume, premium_usd, net_usd,
--     unsided_frac, balance, is_few_sided
values ('KILO', '2024-03-01', '2024-03-01 21:00Z', 12, 3, 200, 80, 0.4, 0.4, false);

-- case: the balance is of five sessions, and half sessions and coins are in none
-- span: 2023-11-20 2023-12-02
-- given: features.option_half_hours
select
    given.underlying,
    cast(given.session_date as date) as session_date,
    cast(given.session_date || ' 16:00Z' as timestamptz) as known_at
from (
    values
    ('KILO', '2023-11-20'), ('KILO', '2023-11-24'), ('KILO', '2023-11-28'),
    ('deribit:BTC-USD', '2023-11-28')
) as given (underlying, session_date);
-- given: features.option_flow_half_hours
select
    cast(given.session_date as date) as session_date,
    cast(given.session_date || ' 16:00Z' as timestamptz) as known_at,
    given.bought_usd,
    given.sold_usd
from (
    values
    ('2023-11-20', 100, 0), ('2023-11-24', 100, 0), ('2023-11-28', 0, 49)
) as given (session_date, bought_usd, sold_usd);
-- expect: underlying, session_date, net_usd, unsided_frac, balance, is_few_sided
values
('KILO', '2023-11-20', 100, 0, 1, false),
('KILO', '2023-11-28', -49, 0.51, -0.49, true);

-- case: a session that is under way has no row
-- span: 2024-03-01 2024-03-01T21:00Z
-- given: features.option_half_hours
select 1 as volume;
-- expect: nothing
