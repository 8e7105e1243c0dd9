-- rule:    F3
-- what:    How much the whole market has moved of late, alone: what models of regimes learn from.
-- grain:   one row per session of which features.regime_inputs tells the market
-- status:  live
-- needs:   0s

select
    entity,  -- market
    session_date,
    place,  -- the session's number in curated.us_sessions
    known_at,  -- five hours after the close
    basis,  -- symbol or median
    return_log,  -- since the close before
    rv20,  -- realised volatility of 20 sessions, of a year
    return_20d_frac,  -- of 20 sessions
    vol_ratio,  -- volatility of 5 sessions over that of 60
    mean_correlation  -- of the stocks among each other, in 20 sessions
from features.regime_inputs
where entity = 'market'
