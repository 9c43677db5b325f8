"""``python -m sim`` is ``sim``."""

import sys

from sim.cli import main

sys.exit(main())
