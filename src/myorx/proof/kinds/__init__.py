"""The kinds of claims: one module each, from a guideline to its claims."""
