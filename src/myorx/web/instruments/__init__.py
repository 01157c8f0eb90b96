"""The instruments as pages: a form, the result with its working, sources, and what is unverified.

Plain forms without a script; nothing that is entered is kept or stands in an address.
"""
