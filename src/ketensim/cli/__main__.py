"""``python -m ketensim.cli``."""

import sys

from ketensim.cli import main

sys.exit(main())
