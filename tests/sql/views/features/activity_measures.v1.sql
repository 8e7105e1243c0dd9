-- default: symbol = 'AAPL', session_date = '2024-03-01', bar = '1d', source = 'test'

-- case: a bar, FINRA's totals and a tape are four measures of a session, told five hours after it
-- given: curated.equity_bars
select
    100 as close,
    10_000_000 as volume,
    10_000_000 as volume_split,
    timestamptz '2024-03-01 21:15Z' as known_at;
-- given: features.off_exchange_sessions
select
    *,
    timestamptz '2024-03-02 02:00Z' as known_at
from (
    values
    ('totals', 4_000_000, 10_000_000, 400_000_000), ('prints', 5_000_000, 11_000_000, 500_000_000)
) as given (basis, offex_volume, volume, offex_value_usd);
-- given: features.equity_sessions
select
    11_000_000 as volume,
    timestamptz '2024-03-02 01:15Z' as known_at;
-- given: features.equity_large_prints
select *
from (
    values
    ('a', 20_000, 2_000_000, timestamptz '2024-03-01 15:00Z'),
    ('b', 120_000, 12_000_000, timestamptz '2024-03-01 16:00Z'),
    ('late', 50_000, 5_000_000, timestamptz '2024-03-02 02:00:01Z')
) as given (print_id, size, value_usd, known_at);
-- expect: known_at, component, basis, amount, value_usd, volume, top_usd, top_size
select
    timestamptz '2024-03-02 02:00Z' as known_at,
    *
from (
    values
    ('volume', 'bar', 10_000_000, 1_000_000_000, 10_000_000, null, null),
    ('off_exchange', 'totals', 4_000_000, 400_000_000, 10_000_000, null, null),
    ('off_exchange', 'prints', 5_000_000, 500_000_000, 11_000_000, null, null),
    ('blocks', 'prints', 14_000_000, 14_000_000, 11_000_000, 12_000_000, 120_000)
) as given;

-- case: a session of a tape without large prints is a zero, one without a tape is none
-- given: features.equity_sessions
select
    11_000_000 as volume,
    timestamptz '2024-03-02 01:15Z' as known_at;
-- given: features.equity_large_prints
select
    'b' as print_id,
    'MSFT' as symbol,
    12_000_000 as value_usd,
    timestamptz '2024-03-01 16:00Z' as known_at;
-- expect: symbol, component, amount, top_usd
values ('AAPL', 'blocks', 0, null);

-- case: of a corrected bar what stood that evening, and of a half session nothing
-- given: curated.equity_bars
select
    100 as close,
    volume as volume_split,
    *
from (
    values
    (date '2024-03-01', 1_000, timestamptz '2024-03-01 21:15Z', timestamptz '2024-03-02 01:00Z'),
    (date '2024-03-01', 2_000, timestamptz '2024-03-02 01:00Z', timestamptz '2024-03-02 09:00Z'),
    (date '2024-03-01', 3_000, timestamptz '2024-03-02 09:00Z', null),
    (date '2024-03-04', 4_000, timestamptz '2024-03-05 02:00:01Z', null),
    (date '2024-07-03', 5_000, timestamptz '2024-07-03 17:15Z', null)
) as given (session_date, volume, known_at, withdrawn_at);
-- expect: session_date, amount
values (date '2024-03-01', 2_000);
