"""The running of dibao: the Scrapy engine, the clock and the command line."""
