"""Every message that the site has sent, to read in the browser: /demo/mail/, in development and demonstrations only.

Django's file backend writes a file for each connection, messages in it parted by a line of hyphens. Addresses name
files by their own names, which are checked against the shape that the backend gives them.
"""

from __future__ import annotations

import email
import email.policy
import re
from dataclasses import dataclass
from datetime import UTC
from email.message import EmailMessage
from email.utils import parsedate_to_datetime
from pathlib import Path

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

FILE = re.compile(r"[0-9]{8}-[0-9]{6}-[0-9]+\.log")
PARTED = b"-" * 79 + b"\n"
A_PAGE = 25
OPENED_AS = {"application/pdf", "text/csv", "text/plain"}  # anything else is only ever saved


@dataclass(frozen=True)
class Mail:
    """One message; its address is made of its file's name and its place in it."""

    file: str
    place: int
    message: EmailMessage

    @property
    def heading(self) -> str:
        return str(self.message["Subject"] or "").strip()  # a folded one begins with a blank

    @property
    def to(self) -> str:
        return str(self.message["To"] or "")

    @property
    def sent_at(self):
        """When it was sent; None where it does not say so."""
        try:
            sent_at = parsedate_to_datetime(str(self.message["Date"]))
        except ValueError:
            return None
        return sent_at if sent_at.tzinfo else sent_at.replace(tzinfo=UTC)  # "-0000", as Django writes it

    @property
    def url(self) -> str:
        return reverse("demo-mail-message", args=[self.file, self.place])

    @property
    def text(self) -> str:
        body = self.message.get_body(("plain",))
        return body.get_content() if body else ""

    @property
    def files(self) -> list[EmailMessage]:
        return list(self.message.iter_attachments())


def _paths() -> list[Path]:
    """The files of messages, the newest first."""
    folder = Path(settings.MAIL_FOLDER)
    found = [path for path in folder.glob("*.log") if FILE.fullmatch(path.name)] if folder.is_dir() else []
    return sorted(found, key=lambda path: (path.stat().st_mtime_ns, path.name), reverse=True)


def read(path: Path) -> list[Mail]:
    """The messages of one file, the newest first."""
    parts = [part for part in path.read_bytes().split(PARTED) if part.strip()]
    mails = [
        Mail(path.name, place, email.message_from_bytes(part, policy=email.policy.default))
        for place, part in enumerate(parts)
    ]
    return mails[::-1]


def _mail_or_404(file: str, place: int) -> Mail:
    path = Path(settings.MAIL_FOLDER) / file
    if settings.PRODUCTION or not FILE.fullmatch(file) or path.is_symlink() or not path.is_file():
        raise Http404
    for mail in read(path):
        if mail.place == place:
            return mail
    raise Http404


@login_not_required
@require_safe
@never_cache
def listing(request):
    """The messages, the newest first."""
    if settings.PRODUCTION:
        raise Http404
    page = Paginator(_paths(), A_PAGE).get_page(request.GET.get("page"))
    mails = [mail for path in page for mail in read(path)]
    return render(request, "demo/mail.html", {"page": page, "mails": mails})


@login_not_required
@require_safe
@never_cache
def message(request, file, place):
    """One message with its text and what was attached."""
    mail = _mail_or_404(file, place)
    files = [
        {
            "title": part.get_filename() or "",
            "url": reverse("demo-mail-file", args=[file, place, number]),
            "kind": part.get_content_type(),
        }
        for number, part in enumerate(mail.files)
    ]
    return render(request, "demo/message.html", {"mail": mail, "files": files})


@login_not_required
@require_safe
@never_cache
def attachment(request, file, place, number):
    """A file that was attached, to save."""
    files = _mail_or_404(file, place).files
    if number >= len(files):
        raise Http404
    part = files[number]
    kind = part.get_content_type() if part.get_content_type() in OPENED_AS else "application/octet-stream"
    name = re.sub(r"[^\w. -]", "_", Path(part.get_filename() or "file").name) or "file"
    content = part.get_payload(decode=True) or b""
    return HttpResponse(
        content, content_type=kind, headers={"Content-Disposition": content_disposition_header(True, name)}
    )
