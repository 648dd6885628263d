"""Tests of the quality standards checklist on pages and in the database."""
