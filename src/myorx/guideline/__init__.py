"""What a guideline is: its models, how its files are read, and what is checked in them.

``load.load`` gives a guideline that comes with the package, ``load.load_folder`` one from a folder,
``check.check_folder`` everything that is wrong with one. Nothing is imported here, so that a start
from the compiled file stays light.
"""
