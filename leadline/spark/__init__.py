"""The same views on Apache Spark: their syntax trees rewritten, over the same store's files."""
