"""A table of servec contradicts its schema.

Checks: the tables that the package ships (models, hardware, options, capabilities, constraints)
    have the fields and types of their kind, and each claim names its source.
Because: a command trusts its tables. They are checked when they are made and by the tests, never
    at run time, so that an installed servec does not end with this code; who changes a table does.
Wrong: a claim of `capabilities.json` without a `source`
Right: the same claim with the file and version of the runtime it was read in
Source: tests/catalogue, tests/options and tests/targets
"""
