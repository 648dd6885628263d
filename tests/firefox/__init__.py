"""Firefox: a short journey in a frame, driven over Firefox's own remote protocol.

`make firefox` runs `journey.py` with Debian's Firefox; nothing is downloaded from elsewhere.
`make test` does not collect this folder, since few machines have Firefox.
"""
