"""Seeing inside: figures, references, the doctor."""
