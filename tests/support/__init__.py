"""What several kinds of test share: a running tool, a test platform, a browser, PostgreSQL.

Nothing here imports the tool's protocol code: the platform signs by itself, so that each side
checks the other. Only `running_tool.py` reaches into the tool, to prepare its database.
"""
