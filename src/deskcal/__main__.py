"""`python -m deskcal` is `deskcal`."""

from deskcal.cli.main import main

main()
