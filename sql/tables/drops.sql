-- kind:       state
-- partition:  none
-- what:       What retention took out of the store, written down before it went.
-- grain:      one row per dataset, and per load of it that was recorded after what went was old
-- key:        dataset, of_load

create table drops (
    dataset text not null,  -- whose rows went
    of_load text not null,  -- a load that had older rows, or empty: the dataset as a whole
    dropped_before timestamptz not null,  -- no row that was known before is there any more
    n_left bigint,  -- rows of the load that stay; null of the dataset as a whole
    check (n_left >= 0)
);
