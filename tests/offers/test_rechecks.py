"""CAP-4 for whoever makes a holding grow without an application: kept, and refused with nothing grown."""

import pytest
from django.db import transaction

from compliance import caps
from compliance.answers import RuleBroken
from compliance.models import Decision
from offers import exposures, rechecks
from tests.factories import make_society, person

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("way", caps.WAYS)
@pytest.mark.parametrize(("added", "rules"), [(20_000_00, []), (20_000_01, ["CAP-2", "CAP-4"])])
def test_a_holding_grows_to_the_limits_and_no_further(way, added, rules):
    society = make_society(jurisdiction="GB-NIR", max_holding_pence=20_000_00)
    with transaction.atomic():
        locked = exposures.lock(society.pk, [person(), person()]).values()
        asked = {"added_pence": added, "way": way, "subject_id": society.pk}
        if rules:
            with pytest.raises(RuleBroken) as refusal:
                rechecks.refuse_over_limit(society, locked, **asked)
            assert sorted(problem.rule for problem in refusal.value.problems) == rules
        else:
            assert len(rechecks.refuse_over_limit(society, locked, **asked)) == 2
    kept = Decision.objects.filter(society=society, occasion=way, rule__in=["CAP-2", "CAP-4"]).order_by("-decided_at")
    assert {row.passed for row in kept[:2]} == {not rules}
