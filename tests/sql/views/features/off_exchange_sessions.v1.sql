-- default: symbol = 'GME', session_date = '2024-03-01', facility = 'CNMS', bar = '1d'
-- default: short_volume = 400_000, total_volume = 1_000_000, source_symbol = 'GME'

-- case: FINRA's total over a session's bar is a ratio, told five hours after the close
-- given: curated.short_volume
select '2024-03-01 23:00Z' as known_at;
-- given: curated.equity_bars
select
    2_000_000 as volume,
    2_000_000 as volume_split,
    15 as close,
    '2024-03-01 21:15Z' as known_at;
-- expect: symbol, session_date, known_at, basis, volume, offex_volume, offex_value_usd,
--     offex_ratio, short_sale_frac, is_sub_dollar, split_ratio
values (
    'GME', '2024-03-01', '2024-03-02 02:00Z', 'totals', 2_000_000, 1_000_000, 15_000_000, 0.5,
    0.4, false, 1
);

-- case: prints and totals are rows beside each other, each with FINRA's short share
-- given: curated.short_volume
select '2024-03-01 23:00Z' as known_at;
-- given: features.equity_sessions
select
    8_000_000 as volume,
    4_000_000 as offex_volume,
    60_000_000 as offex_value_usd,
    '2024-03-02 01:15Z' as known_at;
-- expect: basis, volume, offex_volume, offex_value_usd, offex_ratio, short_sale_frac
values
('prints', 8_000_000, 4_000_000, 60_000_000, 0.5, 0.4),
('totals', null, 1_000_000, null, null, 0.4);

-- case: where there is no consolidated file the facilities add up to it, an exchange left out
-- given: curated.short_volume
select
    *,
    '2024-03-01 23:00Z' as known_at
from (
    values
    ('GME', 'FNSQ', 600), ('GME', 'FNYX', 300), ('GME', 'FNQC', 100), ('GME', 'BATS', 900),
    ('GME', 'FORF', 50), ('AMC', 'CNMS', 1_000), ('AMC', 'FNSQ', 600)
) as given (symbol, facility, total_volume);
-- expect: symbol, offex_volume
values
('GME', 1_000),
('AMC', 1_000);

-- case: what stood at the moment counts, whatever came later or had gone
-- given: curated.short_volume
select *
from (
    values
    ('2024-03-01 23:00Z', '2024-03-02 01:00Z', 700_000),
    ('2024-03-02 01:00Z', '2024-03-04 15:00Z', 800_000),
    ('2024-03-04 15:00Z', null, 900_000)
) as given (known_at, withdrawn_at, total_volume);
-- expect: known_at, offex_volume
values ('2024-03-02 02:00Z', 800_000);

-- case: before the moment there is no row
-- span: 2024-03-01 2024-03-02T02:00Z
-- given: curated.short_volume
select '2024-03-01 23:00Z' as known_at;
-- expect: nothing

-- case: a bar with less volume than FINRA's total is of few venues, and makes no ratio
-- given: curated.short_volume
select '2024-03-01 23:00Z' as known_at;
-- given: curated.equity_bars
select
    900_000 as volume,
    0.5 as close,
    '2024-03-01 21:15Z' as known_at;
-- expect: volume, offex_volume, offex_ratio, is_sub_dollar
values (900_000, 1_000_000, null, true);
