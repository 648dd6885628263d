"""What happened to marks, when, by whom, from what to what: to be read and taken away.

Reads the audit entries and the tries to send marks, and puts them into words. Names are looked
up when a page is shown, since the entries hold none. Nothing is ever written here.
"""
