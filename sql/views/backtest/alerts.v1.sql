-- what:    The alerts that are measured: of every live detector, or of those that are asked for.
-- grain:   one row per alert, as in detectors.all_live
-- status:  live
-- needs:   0s

-- A backtest holds the rows of other versions and parameters under this name, so that what stands
-- above serves both.
select
    detector,  -- its id
    version,  -- of it
    fingerprint,  -- digest of its text, its parameters and of all that it reads
    entity,  -- what a person watches
    entity_type,  -- contract, underlying, pair, manager, issuer, portfolio or market
    alert_key,  -- the alert's identity
    happened_at,  -- when it happened
    fired_at,  -- the first moment at which it could be known
    direction,  -- bull, bear or neutral; null where the side is unknown
    score,  -- 0 to 100, how far from usual
    severity,  -- info, low, medium, high or critical: the score's cut
    confidence,  -- 0 to 1, how good the evidence is
    notional_usd  -- what it weighs in USD; null where that is unknown
from detectors.all_live
