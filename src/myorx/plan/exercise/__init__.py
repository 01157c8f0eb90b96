"""What of a guideline its vignettes exercise, and what no vignette would miss."""
