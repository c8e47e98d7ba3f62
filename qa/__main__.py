"""Lets `python -m qa` do what `qa` does; does nothing itself."""

from qa.cli import main

if __name__ == "__main__":
    main()
