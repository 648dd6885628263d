"""What every page shares: layout, forms, error pages, headers, logs, and the declaration by
which a route says who may use it.

Knows no person, course or mark; `people/` defines the policies that routes name here.
"""
