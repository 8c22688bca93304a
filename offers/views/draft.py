"""An application half filled in: its answers in the session, which page comes next, and what they amount to."""

from __future__ import annotations

import uuid
from datetime import date

from django.urls import reverse

from offers import applications
from offers.choices import HolderKind, PartyKind, PartyRole
from offers.forms import applying
from offers.holders import Applicant, PartyDetails, party_kind
from offers.models import RuleBook, ShareOffer

STEPS = ["who", "amount", "name", "address", "contact", "risks"]  # and then the check


class Draft:
    """The answers of one visitor to one offer. They wait in the session for a week, and nowhere else."""

    def __init__(self, request, offer: ShareOffer, rules: RuleBook):
        self.session, self.offer, self.rules = request.session, offer, rules
        self.slot = f"apply:{offer.pk}"
        kept = self.session.get(self.slot) or {}
        self.answers: dict = kept.get("answers", {})
        self.submission = uuid.UUID(kept["submission"]) if kept.get("submission") else uuid.uuid4()

    def keep(self, step: str, values: dict) -> None:
        """Keep a page's answers; a change of who applies asks for the names again."""
        if step == "who" and self.answers.get("who", {}).get("kind") not in (None, values["kind"]):
            self.answers.pop("name", None)
        self.answers[step] = {k: v.isoformat() if isinstance(v, date) else v for k, v in values.items()}
        self.session[self.slot] = {"answers": self.answers, "submission": str(self.submission)}

    def forget(self, token: str) -> None:
        """The application is made: of it stays in the session only where it is, for a button pressed twice."""
        self.session.pop(self.slot, None)
        self.session[f"made:{self.offer.pk}"] = token

    @property
    def made(self) -> str | None:
        """The link's token of the application that was last made here for this offer."""
        return self.session.get(f"made:{self.offer.pk}")

    def first_missing(self) -> str | None:
        """The first page without an answer: no page after it can be opened."""
        return next((step for step in STEPS if step not in self.answers), None)

    def may_open(self, step: str) -> bool:
        missing = self.first_missing()
        return missing is None or STEPS.index(step) <= STEPS.index(missing)

    def address_of(self, step: str) -> str:
        """Where a page of this draft is."""
        return reverse("offers:question", args=[self.offer.society.slug, self.offer.slug, step])

    def form_class(self, step: str):
        """The form of a page; the names depend on who applies."""
        forms = {
            "who": applying.WhoForm,
            "amount": applying.AmountForm,
            "address": applying.AddressForm,
            "contact": applying.ContactForm,
            "risks": applying.RisksForm,
        }
        if step == "name":
            return applying.NAME_FORMS[HolderKind(self.kind)]
        return forms[step]

    def initial(self, step: str) -> dict:
        """What was said on a page before, as the form takes it."""
        said = dict(self.answers.get(step, {}))
        if said.get("born_on"):
            said["born_on"] = date.fromisoformat(said["born_on"])
        return said

    @property
    def kind(self) -> str:
        return self.answers.get("who", {}).get("kind", HolderKind.PERSON)

    @property
    def amount_pence(self) -> int:
        return self.answers["amount"]["amount_pence"]

    @property
    def accept_less(self) -> bool:
        return bool(self.answers["amount"].get("accept_less"))

    def address(self) -> str:
        said = self.answers["address"]
        country = dict(applying.COUNTRIES)[said["country"]] if said["country"] != "GB" else ""
        lines = [said["line1"], said.get("line2"), said["town"], said["postcode"], str(country)]
        return "\n".join(line for line in lines if line)

    def applicant(self) -> Applicant:
        """Who applies, as the verb takes it."""
        said, contact, postcode = self.answers["name"], self.answers["contact"], self.answers["address"]["postcode"]
        born_on = date.fromisoformat(said["born_on"]) if said.get("born_on") else None
        of_person = {"email": contact["email"], "telephone": contact["telephone"], "postcode": postcode}
        if self.kind == HolderKind.CHILD:
            child = PartyDetails(name=said["name"], role=PartyRole.CHILD, born_on=born_on, postcode=postcode)
            adult = PartyDetails(name=said["adult_name"], role=PartyRole.ADULT, **of_person)
            return Applicant(self.kind, (child, adult))
        if self.kind in (HolderKind.PERSON, HolderKind.JOINT):
            first = PartyDetails(name=said["name"], born_on=born_on, **of_person)
            return Applicant(self.kind, (first, *self._others(said, postcode)))
        body = PartyDetails(
            name=said["name"], kind=party_kind(self.kind), registered_as=said.get("registered_as", ""), **of_person
        )
        signs = PartyDetails(name=said["representative"], role=PartyRole.REPRESENTATIVE, **of_person)
        return Applicant(self.kind, (body, signs), people=said.get("people", 1))

    def _others(self, said: dict, postcode: str) -> list[PartyDetails]:
        places = ("second", "third", "fourth")
        return [
            PartyDetails(
                name=said[f"{place}_name"],
                kind=PartyKind.PERSON,
                role=PartyRole.JOINT,
                email=said.get(f"{place}_email", ""),
                postcode=postcode,
            )
            for place in places
            if said.get(f"{place}_name")
        ]

    def details(self, language: str) -> applications.Details:
        """What is copied into the application."""
        contact, risks = self.answers["contact"], self.answers["risks"]
        parties = [party for party in self.applicant().parties if party.has_interest]
        shown = parties[:1] if self.kind == HolderKind.CHILD else parties
        return applications.Details(
            name=" and ".join(party.name for party in shown),
            address=self.address(),
            postcode=self.answers["address"]["postcode"],
            country=self.answers["address"]["country"],
            email=contact["email"],
            telephone=contact["telephone"],
            email_purposes="application, certificate" + (", notices and papers" if contact.get("notices") else ""),
            language=language,
            declarations={name: bool(said) for name, said in risks.items()},
        )
