"""What a person is shown of a reading: every line of the page, kept, removed or outside the text, and why.

`account` gathers it (pure but for the words), `terminal` and `document` show it.
"""
