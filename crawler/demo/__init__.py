"""The model government web: invented sites on loopback for the demo, the tests and fault injection."""
