-- kind:       event
-- partition:  month
-- what:       What fitted models say of an entity's session: how odd it is, or which regime it is.
-- grain:      one row per model, entity, measure and session; a later one comes of another fit
-- key:        model, entity, measure, session_date

create table model_scores (
    model text not null,  -- its file in models/
    entity text not null,  -- a symbol, or market
    measure text not null,  -- anomaly, regime or volatility
    session_date date not null,  -- the session that is scored
    fit_id text not null,  -- the fit that scored it
    trained_until timestamptz not null,  -- nothing that became known later was learned from
    score double,  -- larger is odder; of a regime its place by volatility, of volatility a day's
    probability double,  -- that the regime is this one
    parts text,  -- JSON object: what it is made of, feature by feature
    reason text,  -- why there is no score
    check ((score is null) = (reason is not null)),
    check (probability between 0 and 1),
    check (cast(trained_until as date) <= session_date)
);
