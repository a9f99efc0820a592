"""The core: facts, plans, rules and the choice; knows a runtime only through `Target`."""
