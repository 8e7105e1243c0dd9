-- default: symbol = 'GME', session_date = '2024-03-01', basis = 'totals', n_obs = 60
-- default: known_at = '2024-03-02 02:00Z', closes_at = '2024-03-01 21:00Z'
-- default: offex_ratio = 0.65, offex_volume = 6_500_000, volume = 10_000_000
-- default: offex_value_usd = 80_000_000, mz60 = 3.5, volume_ratio20 = 2.5, median60 = 0.42
-- default: max60 = 0.5, ratio_pr = 1, ratio_label = 'very_high', legacy_label = 'very_high'

-- case: a share far above its own on twice the volume is medium
-- given: features.off_exchange_ratio
select 'GME' as symbol;
-- expect: entity, entity_type, happened_at, fired_at, direction, score, confidence, notional_usd,
--     headline, alert_key, evidence ->> '$.ratio_label', evidence ->> '$.n_large_prints'
values (
    'GME', 'underlying', '2024-03-01 21:00Z', '2024-03-02 02:00Z', null, 40, 0.6, 80_000_000,
    'GME: 65 % of 2.5 times its usual volume was off exchange, usually 42 %',
    'off_exchange.ratio|GME|2024-03-01', 'very_high', '0'
);

-- case: with large prints off exchange it is high
-- given: features.off_exchange_ratio
select 'GME' as symbol;
-- given: curated.equity_trades
select
    *,
    true as counts_volume,
    '2024-03-01 15:00Z' as traded_at
from (
    values
    (true, 1_000_000, '2024-03-01 15:00Z', null),
    (true, 5_000_000, '2024-03-02 01:00Z', '2024-03-02 01:30Z'),
    (true, 999_999, '2024-03-01 15:00Z', null),
    (false, 5_000_000, '2024-03-01 15:00Z', null),
    (true, 5_000_000, '2024-03-02 02:00Z', null)
) as given (is_offex, value_usd, known_at, withdrawn_at);
-- expect: score, evidence ->> '$.n_large_prints'
values (60, '1');

-- case: it never is critical, and a short history is low
-- given: features.off_exchange_ratio
select *
from (
    values
    ('A', 5.25, 60), ('B', 7, 60), ('C', 30, 60), ('D', 30, 59)
) as given (symbol, mz60, n_obs);
-- expect: entity, score
values
('A', 49.5),
('B', 59),
('C', 59),
('D', 39);

-- case: either an ordinary share or ordinary volume stays quiet
-- given: features.off_exchange_ratio
select *
from (
    values
    ('SHARE', 3.49, 2.5), ('VOLUME', 9, 1.99), ('NEW', null, 3)
) as given (symbol, mz60, volume_ratio20);
-- expect: nothing

-- case: of prints and totals the longer history speaks
-- given: features.off_exchange_ratio
select *
from (
    values
    ('prints', 30), ('totals', 60)
) as given (basis, n_obs);
-- expect: evidence ->> '$.basis'
values ('totals');

-- case: where the longer history is quiet the other does not speak
-- given: features.off_exchange_ratio
select *
from (
    values
    ('prints', 30, 9), ('totals', 60, 1)
) as given (basis, n_obs, mz60);
-- expect: nothing

-- case: a bar of few venues makes an ordinary day look like this (noisy)
-- given: features.off_exchange_ratio
select
    0.99 as offex_ratio,
    40 as mz60;
-- expect: score, notional_usd
values (59, 80_000_000);

-- case: what is not told before the end of the span is not answered
-- span: 2024-03-01 2024-03-02T02:00Z
-- given: features.off_exchange_ratio
select 'GME' as symbol;
-- expect: nothing
