"""What the fake Stripe answers, by topic. Importing `resources.topics` registers every route and timer."""
