"""A generated year: every dataset that questions are asked of, seeded, a day at a time."""
