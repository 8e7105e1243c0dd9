"""Forty questions that users ask, of our views and of other engines over the same files."""
