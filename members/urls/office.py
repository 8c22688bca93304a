"""Addresses of an officer's desk, all under /office/<society>/."""

from django.urls import path

from members.views.office import (
    applications,
    batches,
<<<<<<< HEAD
    completeness,
=======
    cards,
>>>>>>> main
    deciding,
    downloads,
    drafting,
<<<<<<< HEAD
    inspections,
=======
    giving_back,
>>>>>>> main
    money,
    offers,
    people,
    refunds,
    register,
    statutory,
    todo,
)

app_name = "office"
urlpatterns = [
    path("", todo.todo, name="todo"),
    path("offers/", offers.listing, name="offers"),
    path("offers/new/", drafting.new, name="offer-new"),
    path("offers/<slug:offer>/", offers.offer, name="offer"),
    path("offers/<slug:offer>/edit/", drafting.edit, name="offer-edit"),
    path("offers/<slug:offer>/preview/", drafting.preview, name="offer-preview"),
    path("offers/<slug:offer>/publish/", offers.publish, name="offer-publish"),
    path("offers/<slug:offer>/extend/", offers.extend, name="offer-extend"),
    path("offers/<slug:offer>/close/", offers.close, name="offer-close"),
    path("offers/<slug:offer>/decide/", deciding.decide, name="decide"),
    path("offers/<slug:offer>/decide/minute.pdf", deciding.minute, name="minute"),
    path("applications/", applications.listing, name="applications"),
    path("applications/<str:reference>/", applications.application, name="application"),
    path("applications/<str:reference>/give-back/", giving_back.give_back, name="give-back"),
    path("offers/<slug:offer>/payments/", cards.offer_payments, name="offer-payments"),
    path("cards/", cards.cards, name="cards"),
    path("cards/costs/", cards.costs_page, name="cards-costs"),
    path("cards/letter/", cards.letter, name="cards-letter"),
    path("cards/back/", cards.back, name="cards-back"),
    path("cards/again/", cards.again, name="cards-again"),
    path("money/", money.money, name="money"),
    path("money/credit/<uuid:key>/seen/", money.credit_seen, name="credit-seen"),
    path("money/refunds/", refunds.listing, name="refunds"),
    path("money/refunds/<uuid:key>/", refunds.refund, name="refund"),
    path("money/refunds/<uuid:key>/account/", refunds.whole_account, name="whole-account"),
    path("money/receipts/<uuid:key>/undo/", giving_back.undo_receipt, name="undo-receipt"),
    path("money/files/new/", batches.new, name="batch-new"),
    path("money/files/<int:number>/", batches.batch, name="batch"),
    path("money/files/<int:number>/file", batches.file, name="batch-file"),
    path("register/", register.register, name="register"),
    path("register/<str:what>.<str:kind>", downloads.download, name="download"),
    path("register/downloads/", downloads.downloads, name="downloads"),
    path("register/downloads/all/", downloads.history, name="downloads-history"),
    path("register/downloads/<uuid:key>/", downloads.sealed, name="sealed"),
    path("register/downloads/<uuid:key>/again/", downloads.again, name="sealed-again"),
    path("register/downloads/<uuid:key>/changes/<uuid:other>/", downloads.changes, name="sealed-changes"),
    path("register/officers/", statutory.officers_register, name="officers-register"),
    path("register/officers/<uuid:key>/", statutory.office_held, name="office-held"),
    path("register/inspections/", inspections.inspections, name="inspections"),
    path("register/inspections/<uuid:key>/", inspections.shown, name="inspection"),
    path("register/complete/", completeness.completeness, name="completeness"),
    path("register/complete/<int:number>/ask/", completeness.ask, name="particulars-ask"),
    path("register/answers/<uuid:key>/", completeness.decide, name="particulars-decide"),
    path("register/members/<int:number>/", register.member, name="member"),
    path("register/members/<int:number>/property/", statutory.other_property, name="other-property"),
    path("register/members/<int:number>/certificates/<int:certificate>.pdf", register.certificate, name="certificate"),
    path("register/entries/<int:seq>/reverse/", register.reverse, name="reverse"),
    path("people/", people.people, name="people"),
    path("people/<uuid:key>/end/", people.end, name="officer-end"),
    path("people/invitations/<uuid:key>/withdraw/", people.withdraw, name="invitation-withdraw"),
]
