"""Other people's formats: in to a case with a report, and out again.

Whatever the format, a source becomes claims about facts and courses of drugs; one place chooses
among them, and the reader of every case reads the result in mode ``import``.
"""
