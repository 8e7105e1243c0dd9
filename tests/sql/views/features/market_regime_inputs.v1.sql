-- default: session_date = '2024-03-01', known_at = '2024-03-02 02:00Z', place = 8_600

-- case: of all entities the market alone
-- given: features.regime_inputs
select *
from (
    values ('market', 'symbol', 0.01, 0.16), ('SPY', 'own', 0.01, 0.16), ('AAPL', 'own', 0.02, 0.3)
) as given (entity, basis, return_log, rv20);
-- expect: entity, session_date, known_at, basis, return_log, rv20
values ('market', date '2024-03-01', timestamptz '2024-03-02 02:00Z', 'symbol', 0.01, 0.16);
