"""How fast it is: each file measures one promise, and the figures make docs/performance.md."""
