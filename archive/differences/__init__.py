"""What differs between two texts and which paragraph is which, for people and for citations; pure but for `paragraphs`."""
