"""``python -I -m streetrace_lsp``: the same as the console script."""

import sys

from streetrace_lsp.cli.main import main

if __name__ == "__main__":
    sys.exit(main())
