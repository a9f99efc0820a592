"""The rules of the front end, one module a code; `servec.dsl.checks.registry` lists them."""
