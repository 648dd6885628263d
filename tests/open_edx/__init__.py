"""Open edX as the platform: a consumer none of us wrote launches our tool and takes its marks.

`consumer.py` runs in an environment of its own (`requirements/open-edx.lock`) and serves Open
edX's own views; `journey.py` runs in ours and goes through both as people do. `make open-edx`
runs it. `make test` does not collect this folder.
"""
