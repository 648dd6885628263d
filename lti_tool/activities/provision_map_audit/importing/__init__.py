"""A workbook as rows of a provision map: headings matched, rows told apart, cells read.

`read_map.py` is the way in; what comes out (`preview.py`) is for a person to look at before
anything is kept.
"""
