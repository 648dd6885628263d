"""What people take away as files: tables as CSV and .xlsx, documents as .docx.

Every cell of text is kept as text: nothing a person typed can become a formula in somebody's
spreadsheet. Callers give plain values; nothing here knows what they mean.
"""
