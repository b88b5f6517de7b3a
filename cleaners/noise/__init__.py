"""What is not the notice: rules for lines that are boilerplate, the steps that take them off, the classes of pages."""
