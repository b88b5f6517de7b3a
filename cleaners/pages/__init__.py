"""A page before boilerplate: its tree, its lines, the element that holds its text, its files and pictures, what it carries unseen."""
