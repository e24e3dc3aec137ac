"""`python -m collector`, and the console script `sentiero`."""

import sys

from collector.commands import app


def main() -> None:
    """Run the command line; exit codes: 0 ok, 1 failure, 2 usage, 3 configuration, 4 not found, 130 interrupted."""
    try:
        app()
    except KeyboardInterrupt:
        sys.exit(130)


if __name__ == "__main__":
    main()
