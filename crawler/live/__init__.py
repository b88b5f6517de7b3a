"""A site as it is on the web against its site file: looked at column by column, judged, and told."""
