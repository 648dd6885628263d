"""The web server: gunicorn's processes and parser, with threads of ours that take turns."""
