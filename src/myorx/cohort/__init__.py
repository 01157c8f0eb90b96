"""Many patients at once: the whole guideline over tables, by the formulas of the plan.

The statuses are those of a plan, and unknown is never merged into no: ``myorx.plan`` is the
reference, and a property test holds every column to it.

Needs numpy, pyarrow and duckdb (the extra ``cohort``); nothing else of the package imports this.
"""
