"""Tests of the quality standards checklist that need no database."""
