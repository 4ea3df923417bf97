"""Start the command line; from a plain checkout too (`python -S -I sortition verify DIR`)."""

import sys
from pathlib import Path

if not __package__:
    sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from sortition.cli.main import main

sys.exit(main())
