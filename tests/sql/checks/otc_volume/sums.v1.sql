-- default: week_date = '2024-01-22', tier = 'T1', known_at = '2024-02-12 12:00Z'

-- case: details beyond their total are told; a part of them is not
-- given: raw.otc_volume
select
    *,
    symbol as source_symbol
from (
    values
    ('AAPL', 'ATS_W_SMBL', '', 100), ('AAPL', 'ATS_W_SMBL_FIRM', 'IATS', 80),
    ('AAPL', 'ATS_W_SMBL_FIRM', 'UBSA', 30), ('IBM', 'ATS_W_SMBL', '', 100),
    ('IBM', 'ATS_W_SMBL_FIRM', 'IATS', 80), ('IBM', 'OTC_W_SMBL_FIRM', 'UBSA', 30)
) as given (symbol, summary_type, mpid, volume);
-- expect: entity, reason
values ('AAPL', 'a total of 100.0 shares, and details of 110.0');
