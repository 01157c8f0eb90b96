"""What holds for every patient: theorems, the solver, counter-examples replayed through the plan.

Needs the extra ``proof``.
"""
