"""What the fake Stripe answers, by topic. Importing `resources.all` registers every route and timer."""
