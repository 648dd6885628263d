"""What the guard of `lti_tool/privacy/` means for a map: columns, headings, sheets and fields."""
