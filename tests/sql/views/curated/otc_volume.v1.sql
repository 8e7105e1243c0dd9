-- default: week_date = '2026-07-20', tier = 'T1', source_symbol = 'BRK B', symbol = 'BRK.B'
-- default: issuer = 'Berkshire', mpid = '', firm_crd = '', product_type = 'CTS', n_trades = 5
-- default: summary_type = 'ATS_W_SMBL', known_at = '2026-08-11 04:00Z'

-- case: a restated row is a version of its own and withdraws the first
-- given: raw.otc_volume
select *
from (
    values
    (1_000, '2026-08-11 04:00Z'),
    (1_200.5, '2026-08-18 09:00Z')
) as given (volume, known_at);
-- expect: week_date, symbol, tier, venue_kind, detail, volume, known_at, withdrawn_at
values
('2026-07-20', 'BRK.B', 'T1', 'ats', 'symbol', 1_000, '2026-08-11 04:00Z', '2026-08-18 09:00Z'),
('2026-07-20', 'BRK.B', 'T1', 'ats', 'symbol', 1_200.5, '2026-08-18 09:00Z', null);

-- case: a row that a later answer no longer holds is withdrawn
-- given: raw.otc_volume
select *
from (
    values
    (1_000, '2026-08-11 04:00Z', false),
    (1_000, '2026-08-18 09:00Z', true)
) as given (volume, known_at, is_gone);
-- expect: volume, withdrawn_at
values (1_000, '2026-08-18 09:00Z');

-- case: totals and details, dark pools and firms are told apart
-- given: raw.otc_volume
select *
from (
    values
    ('ATS_W_SMBL_FIRM', 'UBSA', ''),
    ('OTC_W_SMBL_FIRM', '', '116797'),
    ('OTC_W_SMBL', '', ''),
    ('ATS_W_FIRM', 'UBSA', ''),
    ('OTC_W_VOL_STATS', '', '')
) as given (summary_type, mpid, firm_crd);
-- expect: summary_type, venue_kind, detail, mpid, firm_crd, withdrawn_at
values
('ATS_W_SMBL_FIRM', 'ats', 'symbol_firm', 'UBSA', '', null),
('OTC_W_SMBL_FIRM', 'non_ats', 'symbol_firm', '', '116797', null),
('OTC_W_SMBL', 'non_ats', 'symbol', '', '', null),
('ATS_W_FIRM', 'ats', 'firm', 'UBSA', '', null),
('OTC_W_VOL_STATS', 'non_ats', 'market', '', '', null);

-- case: a symbol that changed its tape inside the week has two rows, both standing
-- given: raw.otc_volume
select *
from (
    values
    ('CTS', 1_000),
    ('UTP', 2_000)
) as given (product_type, volume);
-- expect: product_type, volume, withdrawn_at
values
('CTS', 1_000, null),
('UTP', 2_000, null);
