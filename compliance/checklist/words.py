"""The items of the checklist in words: the heading that applicants read, and what officers are asked."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

PARTS = {
    "summary": _("In short"),
    "society": _("The society and who runs it"),
    "shares": _("The shares"),
    "project": _("The project and the money"),
    "process": _("How it works"),
}
ITEMS = {
    1: (_("Who offers the shares"), _("The society’s registered name, number, type and office.")),
    2: (_("The kind of offer"), _("Membership, pioneer, time-bound or open.")),
    3: (_("First and last day"), _("When the offer opens and closes, and that the board may move the last day.")),
    4: (_("Minimum, optimum and maximum"), _("What must be raised, what is hoped for, and the most.")),
    5: (_("Smallest and largest sum"), _("What one person may invest, and the value of one share.")),
    6: (_("The risk"), _("The risk statement, in its locked words.")),
    7: (_("Rules, business plan and accounts"), _("Where applicants find them. Add the plan as a PDF if you can.")),
    8: (_("Independent advice"), _("A suggestion to take advice from somebody independent.")),
    9: (_("Community Shares Standard Mark"), _("Whether the offer has it and since when, or that it has not.")),
    10: (_("What the society is for"), _("Its objects, and the community that it serves.")),
    11: (_("One member, one vote"), _("The type of society, and how its votes differ from a company’s.")),
    12: (_("What becomes of the society’s property"), _("The asset lock, and what it means if the society ends.")),
    13: (_("Who may apply"), _("Age, organisations, joint holders, gifts to children.")),
    14: (
        _("Who runs the society"),
        _("The board: names, roles, experience, how they are elected, pay, interests and conflicts, and what they "
          "invest themselves."),
    ),
    15: (_("Other kinds of member"), _("Members who do not use the society, and whether any votes weigh more.")),
    16: (_("What members are told"), _("Information that members get, and the annual meeting.")),
    17: (_("Complaints"), _("Who looks at a complaint, and after whom.")),
    18: (_("What a withdrawable share is"), _("That the only way out is to ask the society for the money.")),
    19: (
        _("Getting your money back"),
        _("From when, with what notice, that the board decides, how much in a year, in which order, and when it "
          "may be suspended."),
    ),
    20: (_("The value of a share"), _("That it cannot rise, and may be written down.")),
    21: (_("Transfer and death"), _("That shares cannot be sold, and how much passes by a nomination.")),
    22: (_("Classes of shares"), _("Which classes there are, and how they differ.")),
    23: (
        _("Interest"),
        _("The policy, the most that is paid, when it is first expected, that the board may pay none, that nothing "
          "is made up for later, and that it is paid before tax."),
    ),
    24: (_("Tax"), _("Relief such as EIS, or that there is none; and that the treatment may change.")),
    25: (_("The most that one person may hold"), _("The limit and the reason for it.")),
    26: (_("The least to stay a member"), _("What a member must keep to remain one.")),
    27: (_("What the money is for"), _("The purpose, and what each part is spent on.")),
    28: (_("All the money for the project"), _("The whole capital, and every source of it.")),
    29: (_("Loans and security"), _("What is borrowed, on what terms and security, and who is paid first.")),
    30: (_("If the optimum is not reached"), _("How the gap between minimum and optimum is filled, and its cost.")),
    31: (_("If it costs more"), _("What is kept back for what goes wrong.")),
    32: (_("Timetable and permissions"), _("When what happens, which permissions are there, and what is uncertain.")),
    33: (_("Customers and competitors"), _("Who buys, who else sells, and how you know.")),
    34: (
        _("Projections"),
        _("Three to five years of profit and loss, cash and balance sheet, with what they assume and what happens "
          "if it is not so. A PDF is the usual way."),
    ),
    35: (_("Paying capital back"), _("Where the money for withdrawals comes from.")),
    36: (_("What the community gains"), _("The social or environmental return, and how it is measured.")),
    37: (_("What could go wrong with this project"), _("The risks of this very project, and what is done about each.")),
    38: (_("Earlier offers and accounts"), _("Offers before this one, what became of them, and accounts of 3 years.")),
    39: (_("Institutions that invest beside you"), _("Match funding and its terms, or that there is none.")),
    40: (_("Fees and incentives"), _("What is paid to platforms, advisers or promoters, and any incentive.")),
    41: (
        _("How to apply and pay"),
        _("How to apply, what is needed, ways to pay, when the money is taken, and where it is kept until the "
          "decision."),
    ),
    42: (_("Changing your mind"), _("Whether and until when an application can be cancelled.")),
    43: (_("The board may refuse"), _("The board’s right to refuse an application or to scale it back.")),
    44: (_("If too much is applied for"), _("How shares are then shared out.")),
    45: (_("If the minimum is not reached"), _("That everybody is refunded, when, and what is kept back.")),
    46: (_("When shares and papers come"), _("The day of allotment, and when certificates or statements are sent.")),
    47: (_("If the offer changes"), _("What you promise to do if something material changes while it is open.")),
    48: (_("What is kept about applicants"), _("Why, for how long, and who may inspect the register.")),
    49: (_("Applicants from abroad"), _("Whether people outside the United Kingdom may apply.")),
    50: (
        _("Who stands by this offer"),
        _("The people responsible for it, and that they honestly believe what it says. Date and version come by "
          "themselves."),
    ),
}  # fmt: skip
