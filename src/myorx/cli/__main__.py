"""``python -m myorx.cli``."""

from myorx.cli.main import main

main()
