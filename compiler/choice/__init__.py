"""The order of candidates, defended: policy, standings, reasons, whose error a finding is."""
