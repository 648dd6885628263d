"""`python -m tests.supply secrets | audit | sbom`, as the Makefile calls it."""

import sys

from tests.supply import auditing, parts, secrets

COMMANDS = {"secrets": secrets.main, "audit": auditing.main, "sbom": parts.main}

if __name__ == "__main__":
    sys.exit(COMMANDS[sys.argv[1]](sys.argv[2:]))
