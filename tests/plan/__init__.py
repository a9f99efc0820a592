"""The middle of the compiler: decisions, plans, the choice, fleets."""
