"""Applications, from the ask to the end of waiting: submit, promise, mark as paid, revive, lapse, cancel.

Each verb locks the exposures of everybody concerned first and touches the offer's row last.
"""

from offers.applications.ending import (
    cancel,
    cancel_problem,
    end_by_society,
    lapse,
    let_go,
    lock,
    refuse_payment,
    release,
)
from offers.applications.paying import (
    call_in,
    commit,
    mark_paid,
    payment_problems,
    revival_problems,
    revive,
    unmark_paid,
)
from offers.applications.submitting import Details, submit

__all__ = [
    "Details",
    "call_in",
    "cancel",
    "cancel_problem",
    "commit",
    "end_by_society",
    "lapse",
    "let_go",
    "lock",
    "mark_paid",
    "payment_problems",
    "refuse_payment",
    "release",
    "revival_problems",
    "revive",
    "submit",
    "unmark_paid",
]
