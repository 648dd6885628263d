"""The protocol's cases, by number, against a running tool and a test platform."""
