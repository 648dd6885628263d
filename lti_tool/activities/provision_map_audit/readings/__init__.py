"""One kind of value each: what a school's words say as minutes, weeks, money, staff.

Every reading says what it read, and turns doubt into a sentence instead of a guess.
"""
