"""`python -m pipelines` is `mathcode-pile`."""

import sys

from pipelines.cli import main

if __name__ == "__main__":  # worker processes import this module by another name
    sys.exit(main())
