"""The verbs of the command line, one module each; a trailing underscore keeps `import_` and its like from being keywords."""
