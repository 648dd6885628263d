"""What the participant writes: the parts of the audit, the commentary, the plan."""
