"""The participant's pages for the map: bringing it in, its grid, its rows, earlier drafts."""
