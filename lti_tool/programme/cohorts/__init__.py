"""Programmes, their modules and cohorts: who takes part, with which standing, and what comes of it.

A course on the course site is one run of a module for one cohort. Here courses are joined to a
programme, participants have a dated status, results come in, and awards are worked out.
"""
