"""Tests of what workers share, without a database."""
