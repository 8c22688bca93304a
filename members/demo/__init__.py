"""The demonstration: three invented societies with two years of history, and the processes that serve them."""

from members.demo.founding import PASSWORD
from members.demo.seeding import KEEPER, MEMBER, MEMBERS, SEED, is_demonstration, is_empty, seed
from members.demo.stories import SOCIETIES

__all__ = ["KEEPER", "MEMBER", "MEMBERS", "PASSWORD", "SEED", "SOCIETIES", "is_demonstration", "is_empty", "seed"]
