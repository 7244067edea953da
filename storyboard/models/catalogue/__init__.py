"""The rows of the table, a module for each maker of models.

Arguments, types and defaults are those of the service's own types and pages; prices have the day
they were read. What is not established is left out, is a row's `doubt`, or has no price.
"""
