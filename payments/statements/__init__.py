"""Bank statements: reading what a bank gave, keeping each line once, and finding out whose money it is.

A line is a fact that nobody changes. What it means is a decision of a person: a row that says who, when and what.
"""
