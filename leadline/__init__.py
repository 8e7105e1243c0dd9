"""Follow the smart money with SQL: the engine that a project's loaders and views run on."""
