"""How an offer stands to the items of `compliance/checklist`: what its data say, what is written, who looked at it."""
