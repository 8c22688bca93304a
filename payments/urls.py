"""Addresses of an application's own pages and of Stripe's webhook."""

from django.urls import path

from payments.views import applicants, bank_details, stripe

app_name = "payments"
urlpatterns = [
    path("a/<str:token>/", applicants.application, name="application"),
    path("a/<str:token>/pay/", applicants.pay, name="pay"),
    path("a/<str:token>/another-way/", applicants.another_way, name="another-way"),
    path("a/<str:token>/paid/", applicants.paid, name="paid"),
    path("a/<str:token>/bank-details/", bank_details.bank_details, name="bank-details"),
    path("a/<str:token>/cancel/", applicants.cancel, name="cancel"),
    path("a/<str:token>/certificate.pdf", applicants.certificate, name="certificate"),
    path("stripe/webhook/", stripe.webhook, name="webhook"),
    path("stripe/webhook/accounts/", stripe.accounts, name="account-webhook"),
]
