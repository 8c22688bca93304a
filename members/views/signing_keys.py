"""The public halves of a society's signing keys, for anybody who checks certificates without this site."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from compliance import signing_keys
from compliance.models import SigningKey
from offers.models import Society

PART = 24  # signs of a fingerprint that stay in one line


def _rows(society: Society) -> list[SigningKey]:
    return list(SigningKey.objects.filter(society=society).defer("private_key").order_by("-number"))


@login_not_required
@require_safe
def page(request, society):
    """The keys, the newest first, with their fingerprints, and how to check a certificate with them."""
    found = get_object_or_404(Society, slug=society)
    rows = [(row, signing_keys.fingerprint(bytes(row.certificate))) for row in _rows(found)]
    keys = [(row, [said[at : at + PART] for at in range(0, len(said), PART)]) for row, said in rows]
    return render(request, "members/signing_keys.html", {"society": found, "keys": keys})


@login_not_required
@require_safe
def as_json(request, society):
    """The same for a program: number, fingerprint, from and until when it signed, and the certificate as PEM."""
    found = get_object_or_404(Society, slug=society)
    keys = [
        {
            "number": row.number,
            "sha256": signing_keys.fingerprint(bytes(row.certificate)),
            "valid_from_at": row.valid_from_at.isoformat(),
            "retired_at": row.retired_at and row.retired_at.isoformat(),
            "certificate": signing_keys.as_pem(bytes(row.certificate)),
        }
        for row in _rows(found)
    ]
    said = {"society": found.registered_name, "register_number": found.register_number, "keys": keys}
    return JsonResponse(said, json_dumps_params={"indent": 1, "ensure_ascii": False})


@login_not_required
@require_safe
def as_pem(request, society):
    """The certificates one after another, as programs load them."""
    found = get_object_or_404(Society, slug=society)
    text = "".join(signing_keys.as_pem(bytes(row.certificate)) for row in _rows(found))
    return HttpResponse(text, content_type="application/x-pem-file")
