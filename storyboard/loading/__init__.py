"""Loading: from the YAML file to checked, resolved values, or all its mistakes."""
