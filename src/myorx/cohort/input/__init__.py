"""Tables of patients: opened, mapped to the facts of a guideline, and read batch by batch."""
