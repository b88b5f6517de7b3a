"""The sources: site files, the spider that reads them, and the listing reader."""
