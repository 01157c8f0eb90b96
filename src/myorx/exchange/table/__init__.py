"""Tables: laboratory results, one a row, or one patient as a row."""
