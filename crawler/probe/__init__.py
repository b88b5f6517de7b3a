"""Probing: what an address or a saved page is, what dibao understands of it, and the site file that follows from it."""
