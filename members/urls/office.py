"""Addresses of an officer's desk, all under /office/<society>/."""

from django.urls import path

from members.views.office import (
    applications,
    batches,
    clearing,
    deciding,
    drafting,
    exceptions,
    money,
    offers,
    people,
    refunds,
    register,
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
    path("money/", money.money, name="money"),
    path("money/refunds/", refunds.listing, name="refunds"),
    path("money/refunds/<uuid:key>/", refunds.refund, name="refund"),
    path("money/refunds/<uuid:key>/account/", refunds.whole_account, name="whole-account"),
    path("money/files/new/", batches.new, name="batch-new"),
    path("money/files/<int:number>/", batches.batch, name="batch"),
    path("money/files/<int:number>/file", batches.file, name="batch-file"),
    path("money/stripe/", clearing.clearing, name="clearing"),
    path("money/exceptions/<uuid:key>/", exceptions.exception, name="exception"),
    path("register/", register.register, name="register"),
    path("register/<str:what>.<str:kind>", register.download, name="download"),
    path("register/members/<int:number>/", register.member, name="member"),
    path("register/members/<int:number>/certificates/<int:certificate>.pdf", register.certificate, name="certificate"),
    path("register/entries/<int:seq>/reverse/", register.reverse, name="reverse"),
    path("people/", people.people, name="people"),
    path("people/<uuid:key>/end/", people.end, name="officer-end"),
    path("people/invitations/<uuid:key>/withdraw/", people.withdraw, name="invitation-withdraw"),
]
