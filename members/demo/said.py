"""What the invented offers say to the checklist: the same things in each, with the society's own particulars."""

from __future__ import annotations

from collections.abc import Callable

from common.money import as_pounds
from compliance.checklist import Item
from members.demo.stories import DRAFT, OfferStory, SocietyStory

LEFT_OPEN = 33
# By the number of the item.
WORDS = {
    7: "The registered rules, the business plan and the last accounts lie in the society’s office at {place}, and "
    "the secretary sends them to whoever writes to shares@{domain}.",
    9: "This offer has no Standard Mark: the society and the offer are invented.",
    14: "The board has seven members, elected by the members for three years; a third stands down each "
    "year.\n\n{board}\n\nNobody on the board is paid. Each of them applies in this offer, with between £100 "
    "and £1,000. None has an interest in what is bought with the money.",
    15: "Every member belongs to one class. Whoever does not use what the society runs may join too, with one vote "
    "like everybody.",
    16: "Members get the accounts and a report before the annual meeting, which is held in September, may ask "
    "anything there, and elect the board.",
    19: "Nobody can withdraw in the first three years. After that a member gives 90 days’ notice. The board "
    "decides, pays back at most a tenth of the share capital in a year, in the order in which members asked, "
    "and may suspend it when the society cannot afford it.",
    23: "{interest}, if there is a surplus and the board proposes it. The board may pay none. What is not paid in "
    "one year is not made up for in the next. Interest is paid before tax: members declare it themselves.",
    24: "There is no EIS or other tax relief on these shares. How interest is taxed depends on you, and may change.",
    26: "A member keeps {smallest} in shares at least. Whoever withdraws the last of them ceases to be a member.",
    27: "The money is for one thing: {title}. The parts are listed above. None of it goes to running costs that "
    "the society has already.",
    28: "All of it comes from these shares. If the society is given a grant meanwhile, this page says so and "
    "everybody who has applied is told.",
    29: "Nothing is borrowed for this project, and nobody has security over what the society owns.",
    30: "Between the minimum and the optimum the last part of the work waits until it can be paid for from "
    "surpluses. Nobody else fills the gap.",
    31: "A tenth of the cost is kept back for what nobody has thought of.",
    32: "Contracts are signed within two months of the allotment, and the work takes most of a year. The "
    "permissions are there; deliveries may be late.",
    33: "The people who live here, and visitors in summer. The nearest competitor is six miles away. Two hundred "
    "people answered our questions last spring, and half of them said that they would come each week.",
    34: "In the third year we expect to take about what similar societies take, to spend nine tenths of it, and to "
    "have enough left for interest. If we take a tenth less there is no interest; a fifth less, and we use up "
    "what was kept back. The figures for five years are in the business plan.",
    35: "From the fourth year half of each surplus is kept for members who want their money back.",
    36: "More people stay and spend their money nearby. We count it once a year and print it in the report.",
    37: "- Costs may rise before contracts are signed: we have fixed quotations for most of the work.\n- Fewer "
    "people may come than we think: we plan with a tenth less than last year.\n- Volunteers may tire: a "
    "manager is paid from the start.",
    38: "Earlier offers of the society, and what became of them, are listed on its page. The accounts are in its "
    "office.",
    39: "No institution invests beside you in this offer.",
    40: "Nobody is paid for bringing in money, and nobody gets anything for applying. Stripe’s charges on cards "
    "are the only cost.",
    41: "Fill in the form at the end of this page. It takes ten minutes. You pay by card, by bank transfer or by "
    "cheque. Cards are charged when you apply. Until the board decides, all of it lies in an account of its "
    "own and nothing is spent.",
    46: "The board allots shares within two weeks of the day on which the last applicant can no longer cancel. "
    "Certificates come on the same day.",
    47: "If something material changes while the offer is open, everybody who has applied is told, and may cancel.",
    49: "People who live abroad may apply, and pay by bank transfer in pounds.",
    50: "The whole board has read this offer, is responsible for it, and honestly believes that what it says is "
    "true and leaves nothing important out.",
}


def words_for(society: SocietyStory, offer: OfferStory) -> Callable[[Item], str]:
    """What an invented offer says to an item. The draft leaves one advised item open, so that a reason can be seen."""
    facts = {
        "place": society.office.splitlines()[-2],
        "domain": society.domain,
        "board": "\n".join(f"- {name}, {role}" for role, name in society.officers.items() if role != "auditor"),
        "interest": society.interest,
        "smallest": as_pounds(offer.smallest),
        "title": offer.title,
    }
    open_ones = {LEFT_OPEN} if offer.end == DRAFT else set()
    return lambda item: "" if item.number in open_ones else WORDS.get(item.number, "").format(**facts)
