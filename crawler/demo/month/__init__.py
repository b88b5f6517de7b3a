"""Thirty days of a model government web: what its sites publish, what happens to it, and therefore what an archive of it should tell."""
