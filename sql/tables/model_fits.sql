-- kind:       state
-- partition:  none
-- what:       What a model was fitted on, and how its scores lie on just that: one row a fit.
-- grain:      one row per model and fit; of the same month a later one comes of other rows, of
--             another file or of another library
-- key:        model, fit_id

create table model_fits (
    model text not null,  -- its file in models/
    fit_id text not null,  -- digest of what it was fitted on, the model's file and its library
    fitted_for date not null,  -- the first day that it scores
    trained_since timestamptz,  -- known_at of the first row that it was fitted on
    trained_until timestamptz not null,  -- the moment before which all of them were known
    n_rows bigint not null,  -- that it was fitted on
    feature_view text not null,  -- what it read
    feature_fingerprint text not null,  -- of that view
    library text,  -- with its version
    seed bigint not null,  -- of chance
    settings text not null,  -- JSON object: what it was fitted with
    score_quantiles double[],  -- of its scores of the rows it was fitted on, in 1,000 equal steps
    note text,  -- what it says of itself: rounds, losses, why there is none
    check (n_rows >= 0)
);
