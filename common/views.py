"""Pages of the site itself: is it alive, is it ready, and a plain word when a form has gone stale."""

from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpResponse, JsonResponse
from django.shortcuts import render

from common import roles


@login_not_required
def healthz(request):
    """The process answers."""
    return HttpResponse("ok\n", content_type="text/plain")


@login_not_required
def readyz(request):
    """The process can do its work: the database answers, is migrated, and its role cannot touch ledgers.

    503 says what is not so, and nothing else: anybody may ask.
    """
    checks = {}
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        checks["database"] = "ok"
        executor = MigrationExecutor(connection)
        plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
        checks["migrations"] = f"{len(plan)} not applied" if plan else "ok"
        checks["role"] = "; ".join(roles.excess_rights()) or "ok"
    except DatabaseError:
        checks["database"] = "does not answer"
    ready = all(word == "ok" for word in checks.values())
    return JsonResponse(checks, status=200 if ready else 503)


@login_not_required
def csrf_failure(request, reason=""):
    """A form sent from a page that is too old or with cookies off: say so, and how to go on."""
    return render(request, "errors/stale_form.html", status=403)
