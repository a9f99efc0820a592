"""Rules of the families 3xx to 5xx and 118 to 120: one module a code, its docstring the page.

`registry` lists them. `check(case)` judges a case and returns a diagnostic, or None where all is
well. What planning asks for every layout lies apart (`asked`, `expressible`, `heads`, `cuts`): the
rules build on the same tests, so that what is planned and what is judged cannot differ, and a good
spec imports no rule at all.
"""
