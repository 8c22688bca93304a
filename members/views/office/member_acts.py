"""What an officer may do with one member's row, and what waits there for a second one."""

from __future__ import annotations

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from members import office_todo
from members.models import Member
from members.register_acts import PREPARES
from members.views.office import acts
from offers import officers
from offers.models import Society


def on_page(society: Society, member: Member, request) -> dict:
    """The acts that the signed-in officer may begin, and those that wait, as lists of tasks."""
    of_it = Q(subject_id=member.pk) | Q(subject_id__in=member.freezes.values("pk"))
    waiting = [
        _waiting(society, approval, request.user) for approval in office_todo.approvals_waiting(society).filter(of_it)
    ]
    return {"acts": _acts(society, member, request.rights), "waiting": waiting}


def _waiting(society: Society, approval, user) -> dict:
    label, url = acts.described(society, approval)
    mine = approval.prepared_by_id == user.pk
    status = _("Needs another officer") if mine else _("Needs you")
    return {"label": label, "url": url, "status": status, "kind": "active" if mine else "due"}


def _acts(society: Society, member: Member, rights) -> list[dict]:
    def act(name: str, label: str, hint: str) -> dict:
        return {"label": label, "hint": hint, "url": reverse(f"office:{name}", args=[society.slug, member.number])}

    found = []
    if rights >= PREPARES:
        found = [
            act("details", _("Change name or addresses"), _("From a letter of the member. Two officers.")),
            act(
                "freeze", _("Freeze the holding"), _("A death, a bankruptcy, a dispute. At once; two officers end it.")
            ),
        ]
    if officers.REGISTER in rights:
        words = _("Other property in the society, which the law asks the register to show.")
        found.append(act("other-property", _("Loans and deposits"), words))
    return found
