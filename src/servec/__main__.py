"""`python -m servec`."""

import sys

from servec.cli.main import main

if __name__ == "__main__":
    sys.exit(main())
