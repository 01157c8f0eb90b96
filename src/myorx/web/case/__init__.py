"""The case page: what is known of one patient as a form, what to find out next, the plan beside it.

All state is the form on the user's page. Every request carries the whole of it; nothing is kept.
"""
