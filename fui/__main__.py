"""`python -m fui` is `fui`."""

import sys

from fui.cli import main

sys.exit(main())
