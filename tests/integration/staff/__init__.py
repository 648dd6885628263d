"""The staff sign-in and its pages."""
