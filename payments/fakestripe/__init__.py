"""A Stripe of our own for tests and the demo: over HTTP, on this machine only, with no real money in it.

It knows what the installed `stripe` package knows and refuses the rest; see docs/fake-stripe.md.
"""

from payments.fakestripe.server import FakeStripe

__all__ = ["FakeStripe"]
