"""The command `storyboard`, also as `python -m storyboard`.

All of it is loaded in here, so that Ctrl-C is answered in words while that goes on, too.
"""

import sys


def main() -> None:
    """Run the command line and leave with its exit code."""
    try:
        from storyboard import cli

        cli.main()
    except KeyboardInterrupt:
        sys.stderr.write("\ninterrupted\n")
        sys.exit(130)


if __name__ == "__main__":
    main()
