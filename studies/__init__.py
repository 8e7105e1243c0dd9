"""What others have published, done again on made-up markets by the house's own views."""
