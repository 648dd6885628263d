"""The guard against pupils' names, UPNs and dates of birth in columns, cells and typed text."""
