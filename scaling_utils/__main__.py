"""`python -m scaling_utils` is the command `scaling-laws`."""
from .cli.main import main

if __name__ == "__main__":
    main()
