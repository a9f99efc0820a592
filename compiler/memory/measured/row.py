"""A row of an accuracy report, of memory and of speed alike."""

from __future__ import annotations

from servec.dsl.record import record


@record
class Row:
    """One measured quantity and its prediction; `abstained` says why there is none."""

    id: str
    group: str
    quantity: str
    measured: float
    predicted: float | None
    low: float | None
    high: float | None
    abstained: str

    def plain(self) -> dict[str, object]:
        """The row as a report prints it; its group is told elsewhere."""
        return {
            "id": self.id,
            "quantity": self.quantity,
            "measured": self.measured,
            "predicted": self.predicted,
            "low": self.low,
            "high": self.high,
            "abstained": self.abstained or None,
        }
