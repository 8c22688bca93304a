"""Applications, from the ask to the end of waiting: submit, mark as paid, revive, lapse, cancel.

Each verb locks the exposures of everybody concerned first and touches the offer's row last.
"""

from offers.applications.ending import cancel, cancel_problem, end_by_society, lapse
from offers.applications.paying import mark_paid, revival_problems, revive, unmark_paid
from offers.applications.submitting import Details, submit

__all__ = [
    "Details",
    "cancel",
    "cancel_problem",
    "end_by_society",
    "lapse",
    "mark_paid",
    "revival_problems",
    "revive",
    "submit",
    "unmark_paid",
]
