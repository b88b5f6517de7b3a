"""The way to the network: which addresses may be reached, what is sent and what comes back over the wire."""
