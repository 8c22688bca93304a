"""The pages of officers. Every view here is guarded: `guards.officer` says what its user must be allowed to do."""
