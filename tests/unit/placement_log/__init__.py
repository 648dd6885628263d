"""The placement log without a database."""
