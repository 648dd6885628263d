"""`python -m lti_tool.cli`: the same command without the console script."""

from lti_tool.cli.main import main

main()
