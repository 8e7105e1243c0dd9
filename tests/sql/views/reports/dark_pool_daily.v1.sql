-- default: symbol = 'GME', session_date = '2024-03-01', known_at = '2024-03-02 02:00Z'
-- default: closes_at = '2024-03-01 21:00Z'

-- case: one row a session, of the longer history, with who began its prints beside it
-- given: features.off_exchange_ratio
select
    *,
    8_000_000 as volume,
    'very_high' as legacy_label
from (
    values
    ('prints', 10, 0.5), ('totals', 60, 0.45)
) as given (basis, n_obs, offex_ratio);
-- given: features.off_exchange_flow
select
    100 as n_prints,
    0.6 as sided_frac,
    0.7 as bull_share,
    'bull' as direction,
    0.36 as confidence;
-- expect: session_date, symbol, basis, offex_ratio, legacy_label, n_prints, sided_frac, bull_share,
--     direction, confidence
values (
    '2024-03-01', 'GME', 'totals', 0.45, 'very_high', 100, 0.6, 0.7, 'bull', 0.36
);

-- case: without a tape nothing is said of who began it
-- given: features.off_exchange_ratio
select
    'totals' as basis,
    60 as n_obs,
    0.45 as offex_ratio;
-- expect: offex_ratio, bull_share, direction, confidence
values (0.45, null, null, null);
