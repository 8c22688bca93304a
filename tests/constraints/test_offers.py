"""Societies, offers, parties and applications."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError

from common import ids
from members.models import User
from offers.models import (
    Application,
    ApplicationParty,
    ChecklistAnswer,
    ChecklistReview,
    Exposure,
    Holder,
    HolderParty,
    KnownApart,
    MatchCommitment,
    OfferVersion,
    Officer,
    Party,
    RuleBook,
    ShareClass,
    ShareOffer,
    Society,
    Tier,
    UnpaidKey,
)
from tests.constraints.seeing import GROUP, Delete, both, insert, refused_by, tried, update

pytestmark = GROUP
DAY = timedelta(days=1)
WAITING = {"state": "awaiting-payment", "allotted_pence": 0}


def published(row):
    return ShareOffer.objects.filter(state="published").first().pk


def terms_of_a_published_offer(model) -> list:
    """Nothing is added, changed or taken out."""
    return [
        insert(model, offer_id=published),
        *(
            lambda world, then=then: (world.publish(model), then(world))
            for then in (update(model, position=9), Delete(model))
        ),
    ]


def another(row):
    return Society.objects.exclude(pk=row.society_id).first().pk


def of_a_published_offer(row):
    return ChecklistAnswer.objects.filter(offer_id=published(row)).first().pk


CHECKLIST = {
    "checklist_edition_once": insert(ChecklistAnswer),
    "checklist_counts_from_one": [insert(ChecklistAnswer, item=0), insert(ChecklistAnswer, edition=0)],
    "checklist_file_whole": [
        insert(ChecklistAnswer, edition=9, file_name="plan.pdf"),
        insert(ChecklistAnswer, edition=9, file=b"%PDF-"),
        insert(ChecklistAnswer, edition=9, file=b"%PDF-", file_name="plan.pdf", file_sha256="0" * 63),
    ],
    "offers_checklistanswer:answers_a_draft": [
        insert(ChecklistAnswer, edition=9, offer_id=published),
        insert(ChecklistAnswer, edition=9, society_id=another),
    ],
    "checklist_sent_back_with_a_reason": [
        insert(ChecklistReview, passed=False),
        insert(ChecklistReview, passed=False, note=" \n"),
    ],
    "checklist_review_has_hash": insert(ChecklistReview, said_sha256="0" * 63),
    "offers_checklistreview:reviewed_by_another_person": [
        insert(ChecklistReview, reviewed_by_id=lambda row: row.answer.answered_by_id),
        insert(ChecklistReview, answer_id=of_a_published_offer),
        insert(ChecklistReview, society_id=another),
        both(insert(ChecklistAnswer, edition=9), insert(ChecklistReview)),
    ],
}
SOCIETIES = {
    "society_legal_form_known": insert(Society, legal_form="company"),
    "society_asset_lock_known": insert(Society, asset_lock="none"),
    "society_year_end_is_a_day": [
        insert(Society, **{field: wrong})
        for field, wrong in [("year_end_month", 0), ("year_end_month", 13), ("year_end_day", 0), ("year_end_day", 32)]
    ],
    "society_bank_account_whole": [
        insert(Society, bank_sort_code=code, bank_account=number)
        for code, number in [("", "12345678"), ("200000", ""), ("2000", "12345678"), ("200000", "1234567")]
    ],
    "offers_society:own_account_by_two_people": [
        update(Society, bank_account="87654321"),
        update(Society, bank_sort_code="111111"),
        update(Society, bank_name="Eve"),
        update(Society, bank_sort_code="", bank_account=""),
    ],
    "offers_society.slug": insert(Society, register_number="RS0"),
    "offers_society.register_number": insert(Society, slug="another"),
    "rule_book_edition_once": insert(RuleBook),
    "rule_book_by_two_people": insert(
        RuleBook, edition=9, **dict.fromkeys(("recorded_by_id", "approved_by_id"), lambda row: User.objects.first().pk)
    ),
    "rule_book_max_holding_positive": insert(RuleBook, max_holding_pence=0),
    "rule_book_admits_somebody": insert(RuleBook, admits=[]),
    "share_class_name_once": insert(ShareClass),
    "share_class_nominal_positive": insert(ShareClass, nominal_pence=0),
    "offers_shareclass:offered_class_stands": [
        update(ShareClass, nominal_pence=25_00),
        update(ShareClass, withdrawable=False),
        update(ShareClass, transferable=True),
        update(ShareClass, society_id=lambda row: ids.uuid7()),
    ],
    "officer_role_once": insert(Officer),
    "officer_role_known": insert(Officer, role="king"),
    "officer_ends_after_start": insert(
        Officer, ended_at=lambda row: row.appointed_at - DAY, ended_by_id=lambda row: row.user_id
    ),
    "officer_end_has_time_and_person": [
        insert(Officer, ended_at=lambda row: row.appointed_at + DAY),
        insert(Officer, ended_by_id=lambda row: row.user_id),
    ],
}
TERMS = {"kind": "open", "minimum_pence": None, "optimum_pence": None, "maximum_pence": None}
OFFERS = {
    "offer_slug_once": insert(ShareOffer),
    "offer_closes_after_opening": insert(ShareOffer, closes_on=lambda row: row.opens_on - DAY),
    "offer_time_bound_has_targets": [
        insert(ShareOffer, **{"kind": kind, missing: None})
        for kind in ("time-bound", "pioneer")
        for missing in ("closes_on", "minimum_pence", "optimum_pence", "maximum_pence")
    ],
    "offer_collects_at_a_close": [
        insert(ShareOffer, kind="open", collection="at-close", **{missing: None})
        for missing in ("closes_on", "minimum_pence")
    ]
    + [insert(ShareOffer, collection="whenever")],
    "offer_targets_in_order": [
        insert(ShareOffer, minimum_pence=lambda row: row.optimum_pence + 1),
        insert(ShareOffer, optimum_pence=lambda row: row.maximum_pence + 1),
        insert(ShareOffer, **TERMS | {"minimum_pence": 2, "maximum_pence": 1}, taken_pence=0),
    ],
    "offer_sums_positive": [
        insert(ShareOffer, min_application_pence=0),
        insert(ShareOffer, multiple_of_pence=0),
        insert(ShareOffer, minimum_pence=-1),
        insert(ShareOffer, maximum_pence=0, taken_pence=0),
    ],
    "offer_largest_not_below_smallest": insert(
        ShareOffer, max_application_pence=lambda row: row.min_application_pence - 1
    ),
    "offer_never_oversold": [
        insert(ShareOffer, taken_pence=lambda row: row.maximum_pence + 1),
        insert(ShareOffer, taken_pence=-1),
        insert(ShareOffer, taken_pence=-1, oversubscription="pro-rata"),
        update(ShareOffer, taken_pence=lambda row: row.maximum_pence + 1),
    ],
    "offer_state_known": insert(ShareOffer, state="odd"),
    "offer_ratio_whole": [
        insert(ShareOffer, ratio_percent=percent, ratio_tier=tier)
        for percent, tier in [(50, ""), (0, "A"), (101, "A"), (None, "A")]
    ],
    "offer_unpaid_percent_of_a_whole": [insert(ShareOffer, unpaid_percent=0), insert(ShareOffer, unpaid_percent=101)],
    "offer_percent_of_a_maximum": [
        insert(ShareOffer, max_percent=0),
        insert(ShareOffer, max_percent=101),
        insert(ShareOffer, **TERMS, max_percent=10),
    ],
    "offers_shareoffer:offer_state_moves_forward": update(ShareOffer, state="draft"),
    "offers_shareoffer:published_terms_stand": [
        update(ShareOffer, **{field: value})
        for field, value in [
            ("kind", "pioneer"), ("opens_on", lambda row: row.opens_on + DAY), ("minimum_pence", 1),
            ("optimum_pence", 1_000_01), ("maximum_pence", 20_000_00), ("min_application_pence", 1),
            ("max_application_pence", None), ("multiple_of_pence", 1), ("max_percent", 5),
            ("oversubscription", "pro-rata"), ("tier_then", "cap-largest"), ("transfer_days", 1),
            ("cooling_off_days", 0), ("ratio_tier", "A"), ("ratio_percent", 5),
        ]
    ],
    "tier_code_once": insert(Tier, position=9),
    "tier_position_once": insert(Tier, code="Z"),
    "tier_has_postcodes": insert(Tier, postcodes=[]),
    "match_position_once": insert(MatchCommitment),
    "match_sums_positive": [insert(MatchCommitment, ratio_pence=0), insert(MatchCommitment, cap_pence=0)],
    "match_trigger_known": insert(MatchCommitment, trigger="never"),
    "version_number_once": insert(OfferVersion),
    "offers_tier:published_terms_stand": terms_of_a_published_offer(Tier),
    "offers_matchcommitment:published_terms_stand": terms_of_a_published_offer(MatchCommitment),
}  # fmt: skip
PARTIES = {
    "party_identity_once": insert(Party),
    "party_kind_known": insert(Party, kind="ghost"),
    "known_apart_once": insert(KnownApart),
    "known_apart_in_order": insert(KnownApart, first_id=lambda row: row.second_id, second_id=lambda row: row.first_id),
    "known_apart_with_a_reason": [insert(KnownApart, reason=""), insert(KnownApart, reason="\t ")],
    "party_has_a_name": insert(Party, name=""),
    "holder_identity_once": insert(Holder),
    "holder_kind_known": insert(Holder, kind="ghost"),
    "holder_has_people": insert(Holder, people=0),
    "holder_party_once": insert(HolderParty, position=99),
    "holder_position_once": insert(HolderParty, party_id=lambda row: Party.objects.exclude(pk=row.party_id).first().pk),
    "holder_party_role_known": insert(HolderParty, role="ghost"),
    "exposure_held_not_negative": insert(Exposure, held_pence=-1),
    "exposure_live_not_negative": insert(Exposure, live_pence=-1),
    "exposure_within_the_law": [
        insert(Exposure, held_pence=60_000_00, live_pence=40_000_01, limit_pence=100_000_00),
        update(Exposure, held_pence=100_000_01, live_pence=0, limit_pence=100_000_00),
    ],
    "offers_exposure.party_id": insert(Exposure),
}
APPLICATIONS = {
    "application_reference_once": insert(Application, token="another", submission=lambda row: row.pk),
    "application_submission_once": insert(Application, token="another", reference="2222222"),
    "offers_application.token": insert(Application, reference="2222222", submission=lambda row: row.pk),
    "application_due_within_applied": [
        insert(Application, **WAITING, due_pence=0),
        insert(Application, **WAITING, due_pence=lambda row: row.applied_pence + 1),
    ],
    "application_allotted_within_due": insert(Application, allotted_pence=lambda row: row.due_pence + 1),
    "application_state_known": insert(Application, state="odd", allotted_pence=0),
    "application_paid_has_time": [
        insert(Application, state="paid", allotted_pence=0, paid_at=None),
        insert(Application, state="refunded", allotted_pence=0, paid_at=None),
        insert(Application, paid_at=None),
    ],
    "application_allotted_has_shares": [
        insert(Application, allotted_pence=0),
        insert(Application, state="paid"),
        insert(Application, allotted_pence=-1),
    ],
    "application_released_with_a_reason": [
        insert(Application, released_reason="Others wait."),
        insert(Application, released_at=lambda row: row.submitted_at, released_by_id=None, released_reason="Others."),
        update(Application, released_at=lambda row: row.submitted_at, released_reason=" "),
    ],
    "unpaid_key_once": insert(UnpaidKey),
    "application_method_known": insert(Application, method="gold"),
    "offers_application:application_state_moves_forward": update(Application, state="paid", allotted_pence=0),
    "offers_application:application_stands": [
        update(Application, **{field: value})
        for field, value in [
            ("offer_id", lambda row: ShareOffer.objects.exclude(pk=row.offer_id).first().pk),
            ("holder_id", lambda row: Holder.objects.exclude(pk=row.holder_id).first().pk),
            ("society_id", lambda row: ids.uuid7()),
            ("version_id", lambda row: ids.uuid7()),
            ("reference", "2222222"),
            ("token", "another"),
            ("unpaid_keys", ["email:another"]),
            ("submission", lambda row: ids.uuid7()),
            ("applied_pence", 1),
            ("due_pence", 1),
            ("smallest_pence", 1),
            ("submitted_at", lambda row: row.submitted_at - DAY),
        ]
    ],
    "offers_application:application_is_kept": Delete(Application),
    "application_party_once": insert(ApplicationParty),
}
CASES = CHECKLIST | SOCIETIES | OFFERS | PARTIES | APPLICATIONS


@tried(CASES)
def test_a_wrong_row_is_refused(world, fence, change):
    assert refused_by(lambda: change(world)) == fence


def test_staff_are_told_why_shares_that_were_offered_do_not_change(world):
    offered = world.row(ShareClass)
    offered.nominal_pence = 25_00
    with pytest.raises(ValidationError, match="have been offered"):
        offered.full_clean()


def test_an_area_without_a_percentage_is_refused_before_publication(world):
    """The CHECK lets it through, because NULL is not false to it; `clean`, which publication asks, does not."""
    draft = world.row(Tier).offer
    draft.ratio_tier, draft.ratio_percent = "A", None
    with pytest.raises(ValidationError, match="what percentage"):
        draft.clean()
