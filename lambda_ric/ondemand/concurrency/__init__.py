"""Several invocations at once in one execution environment."""
