"""Takedowns: what may not be shown (any longer) is sealed or removed, leaves a tombstone, and is kept from coming back.

`acts` has the acts themselves, `log` what was done, `holdings` what they are about, `barred` what is looked up whenever something arrives.
"""
