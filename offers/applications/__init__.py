"""Applications, from the ask to the end of waiting: submit, mark as paid, revive, lapse, cancel.

Each verb locks the exposures of everybody concerned first and touches the offer's row last.
"""

from offers.applications.ending import cancel, cancel_problem, end_by_society, lapse, refuse_payment
from offers.applications.paying import mark_paid, payment_problems, revival_problems, revive, unmark_paid
from offers.applications.submitting import Details, submit

__all__ = [
    "Details",
    "cancel",
    "cancel_problem",
    "end_by_society",
    "lapse",
    "mark_paid",
    "payment_problems",
    "refuse_payment",
    "revival_problems",
    "revive",
    "submit",
    "unmark_paid",
]
