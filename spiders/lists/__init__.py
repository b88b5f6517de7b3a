"""How the main list of a page is found and its rows are read."""
