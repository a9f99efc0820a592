"""From a spec to its candidates: sites, legal plans, one best plan per runtime, or why none."""
