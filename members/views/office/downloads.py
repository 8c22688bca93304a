"""Taking the register and the books away: one page for all of them, each sealed, and what was taken before."""

from __future__ import annotations

from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.http import FileResponse, Http404, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET, require_safe

from members import seal_changes, sealed_downloads
from members.forms.downloads import DownloadForm
from members.models import SealedDownload
from members.register import BY_NAME, DOWNLOADS, Options
from members.views.office import guards
from offers import officers
from offers.models import Society


@require_safe
@guards.officer(officers.REGISTER)
def downloads(request, society):
    """Everything that can be taken away, with the options that each takes."""
    form = DownloadForm(request.GET or None, society=society)
    asked = {} if form.errors else {name: value for name, value in request.GET.items() if value}
    context = guards.page(
        request,
        society,
        "office:register",
        form=form,
        downloads=DOWNLOADS,
        query=f"?{urlencode(asked)}" if asked else "",
        taken=SealedDownload.objects.filter(society=society).select_related("sealed_by")[:5],
    )
    return render(request, "office/downloads.html", context)


@require_GET
@guards.officer(officers.REGISTER)
def download(request, society, what, kind):
    """One download as a file. That it was taken, by whom and what it held is kept."""
    form = DownloadForm(request.GET, society=society)
    if what not in BY_NAME or kind not in BY_NAME[what].kinds or not form.is_valid():
        raise Http404  # a day that does not exist is not today
    ends = sealed_downloads.head(society)
    options = form.options(latest=ends.known_at)
    sealed, file = sealed_downloads.take(BY_NAME[what], kind, society, options, ends=ends, by=request.user)
    return _sent(sealed, file)


def _sent(sealed: SealedDownload, file) -> FileResponse:
    name = f"{sealed.society.slug}-{sealed.what}-{sealed.parameters['on']}.{sealed.kind}"
    response = FileResponse(file, as_attachment=True, filename=name, content_type=sealed_downloads.KINDS[sealed.kind])
    response["X-Content-SHA256"] = sealed.sha256
    return response


@require_safe
@guards.officer(officers.REGISTER)
def history(request, society):
    """What was taken, by whom and when, the newest first."""
    rows = SealedDownload.objects.filter(society=society).select_related("sealed_by")
    page = Paginator(rows, 50).get_page(request.GET.get("page"))
    context = guards.page(request, society, "office:register", page=page, titles=_titles())
    return render(request, "office/downloads_history.html", context)


def _titles() -> dict:
    return {download.name: download.title for download in DOWNLOADS}


def _sealed_or_404(society: Society, key) -> SealedDownload:
    return get_object_or_404(SealedDownload.objects.select_related("sealed_by", "society"), society=society, pk=key)


@require_safe
@guards.officer(officers.REGISTER)
def sealed(request, society, key):
    """One download as a fact: what was asked, what it held, whether the same bytes come out today."""
    found = _sealed_or_404(society, key)
    same = None
    if "check" in request.GET:
        file, same = sealed_downloads.again(found)
        file.close()
    others = SealedDownload.objects.filter(society=society, what=found.what).exclude(pk=found.pk)
    context = guards.page(
        request,
        society,
        "office:register",
        sealed=found,
        download=BY_NAME[found.what],
        options=Options.from_json(found.parameters, society),
        sums=_sums(found),
        same=same,
        others=others.select_related("sealed_by")[:20],
    )
    return render(request, "office/downloads_sealed.html", context)


def _sums(found: SealedDownload) -> list[dict]:
    money = {c.heading for c in BY_NAME[found.what].made(
        found.society, Options.from_json(found.parameters, found.society)).columns if c.kind == "money"}  # fmt: skip
    return [{"name": name.replace("_", " "), "value": value, "is_money": name in money}
            for name, value in found.totals.items()]  # fmt: skip


@require_safe
@guards.officer(officers.REGISTER)
def seal(request, society, key):
    """The seal of a download as a small file, to be kept with it: tools/verify.py checks one against the other."""
    found = _sealed_or_404(society, key)
    response = JsonResponse(sealed_downloads.as_json(found), json_dumps_params={"indent": 1})
    name = f"{society.slug}-{found.what}-{found.parameters['on']}.{found.kind}.seal.json"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@require_GET
@guards.officer(officers.REGISTER)
def again(request, society, key):
    """The same question once more, as a file; the same bytes unless another release makes them differently."""
    found = _sealed_or_404(society, key)
    file, _same = sealed_downloads.again(found)
    return _sent(found, file)


@require_safe
@guards.officer(officers.REGISTER)
def changes(request, society, key, other):
    """What changed between two downloads of the same kind, the earlier one first."""
    pair = [_sealed_or_404(society, key), _sealed_or_404(society, other)]
    if pair[0].what != pair[1].what:
        raise Http404
    earlier, later = sorted(pair, key=lambda sealed: (sealed.parameters["on"], sealed.sealed_at))
    found = seal_changes.between(earlier, later)
    context = guards.page(
        request, society, "office:register", earlier=earlier, later=later, changes=found,
        download=BY_NAME[earlier.what], most=seal_changes.MOST,
    )  # fmt: skip
    return render(request, "office/downloads_changes.html", context)
