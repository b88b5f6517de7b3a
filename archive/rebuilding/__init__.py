"""Captures read again with today's rules: in parallel, resumable, a whole address at a time; and the lines learned of sites' templates."""
