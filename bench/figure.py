"""One measured figure beside its limit, both taken in the same run on the same machine."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Figure:
    """Ours and the limit in one `unit`; `bar` is the ratio ours ÷ limit that is wanted.

    more_is_better: rates must reach the bar, times, counts and sizes must stay within it. `of`: what was measured,
    and what stands as its limit, in a sentence for the person who reads the table.
    """

    name: str
    ours: float
    limit: float
    unit: str
    bar: float
    more_is_better: bool = False
    of: str = ""

    @property
    def ratio(self) -> float:
        """ours ÷ limit."""
        return self.ours / self.limit

    @property
    def is_met(self) -> bool:
        return self.ratio >= self.bar if self.more_is_better else self.ratio <= self.bar

    def as_json(self) -> dict:
        """What stands in reports/bench.json."""
        return {
            "ours": round(self.ours, 4),
            "limit": round(self.limit, 4),
            "ratio": round(self.ratio, 4),
            "unit": self.unit,
            "bar": self.bar,
            "met": self.is_met,
            "of": self.of,
        }
