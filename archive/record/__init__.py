"""The record: every exchange as it came, what it held, the runs it came in, and what is still to be asked for."""
