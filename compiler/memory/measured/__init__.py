"""Reading measurements of memory as their reports word them: machines, models, flags, outcomes."""
