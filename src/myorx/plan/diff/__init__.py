"""Two versions of a guideline side by side: what was changed, and what comes of it."""
