"""Small faults put into a guideline on purpose, and whether its vignettes see each of them."""
