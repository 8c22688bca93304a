"""The text of an offer as applicants see it, frozen and hashed when it is published or materially changed."""

from __future__ import annotations

from datetime import date

from common import hot
from compliance import canonical, risk
from offers.models import ChecklistAnswer, OfferVersion, RuleBook, ShareOffer

TERMS = (
    "title", "summary", "story", "kind", "minimum_pence", "optimum_pence", "maximum_pence", "min_application_pence",
    "max_application_pence", "multiple_of_pence", "max_percent", "oversubscription", "tier_then", "transfer_days",
    "cooling_off_days", "ratio_tier", "ratio_percent", "collection",
)  # fmt: skip


IN_FORCE = (
    "WHERE row.society_id = %s AND row.valid_from_on <= %s ORDER BY row.valid_from_on DESC, row.edition DESC LIMIT 1"
)


def rule_book(society, on: date) -> RuleBook:
    """The society's registered rules on a day. RuleBook.DoesNotExist where none had been registered by then."""
    found = hot.read(RuleBook, IN_FORCE, [society.pk, on])
    if not found:
        raise RuleBook.DoesNotExist(f"No rules of {society} were registered by {on}.")
    return found[0]


def text_of(offer: ShareOffer) -> dict:
    """Everything that an applicant is told, as facts: the offer, the society, its rules, the risk statement."""
    society = offer.society
    rules = rule_book(society, offer.opens_on)
    return {
        "society": {
            "registered_name": society.registered_name,
            "register_number": society.register_number,
            "legal_form": society.legal_form,
            "jurisdiction": society.jurisdiction,
            "registered_office": society.registered_office,
            "asset_lock": society.asset_lock,
            "objects": society.objects_text,
        },
        "rules": {
            "min_age": rules.min_age,
            "max_holding_pence": rules.max_holding_pence,
            "admits": sorted(rules.admits),
            "syndicate_max": rules.syndicate_max,
            "withdrawal_notice_days": rules.withdrawal_notice_days,
            "interest_limit": rules.interest_limit,
        },
        "share_class": {"name": offer.share_class.name, "nominal_pence": offer.share_class.nominal_pence},
        "offer": {name: getattr(offer, name) for name in TERMS}
        | {"opens_on": offer.opens_on.isoformat(), "closes_on": offer.closes_on and offer.closes_on.isoformat()},
        "tiers": [
            {
                "code": tier.code,
                "name": tier.name,
                "postcodes": tier.postcodes,
                "min_application_pence": tier.min_application_pence,
                "max_application_pence": tier.max_application_pence,
                "priority": tier.priority,
            }
            for tier in offer.tiers.all()
        ],
        "matches": [
            {
                "name": match.name,
                "ratio_pence": match.ratio_pence,
                "cap_pence": match.cap_pence,
                "trigger": match.trigger,
            }
            for match in offer.matches.all()
        ],
        "says": _says(offer),
        "risk": risk.english(),
    }


def _says(offer: ShareOffer) -> list[dict]:
    """What officers wrote to the checklist, as applicants read it on the page."""
    rows = ChecklistAnswer.objects.filter(society_id=offer.society_id, offer=offer).order_by("item", "-edition")
    return [
        {name: getattr(row, name) for name in ("item", "words", "heading", "url", "file_name", "file_sha256")}
        for row in rows.distinct("item").defer("file")
        if row.says_something
    ]


def freeze(offer: ShareOffer, *, at, by) -> OfferVersion:
    """Keep the present text as the next version. The caller holds the offer's row."""
    text = text_of(offer)
    number = OfferVersion.objects.filter(society_id=offer.society_id, offer=offer).count() + 1
    return OfferVersion.objects.create(
        society_id=offer.society_id,
        offer=offer,
        number=number,
        text=text,
        sha256=canonical.sha256(text),
        published_at=at,
        published_by=by,
    )


def current(offer: ShareOffer) -> OfferVersion:
    """The version that applicants see now. OfferVersion.DoesNotExist for a draft."""
    return OfferVersion.objects.filter(society_id=offer.society_id, offer=offer).latest("number")
