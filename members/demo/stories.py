"""Three invented societies and what they ask money for. Places, people, numbers and sums exist nowhere else."""

from __future__ import annotations

from dataclasses import dataclass, field

from members.demo.names import ENGLAND, NORTHERN_IRELAND, WALES, Region
from offers.choices import AssetLock, HolderKind, LegalForm, Oversubscription

ALLOTTED, OPEN, TO_DECIDE, FAILED, DRAFT = "allotted", "open", "to decide", "failed", "draft"


@dataclass(frozen=True)
class OfferStory:
    """An offer: when it ran, how it ended, who came. Sums in pence; days counted back from today.

    `people`: how many pay, of every thousand members on all registers together. `met`: what they pay, in hundredths of
    the target that `met_of` names; the other targets follow from it.
    """

    slug: str
    title: str
    summary: str
    story: str
    end: str
    opened: int
    days: int
    people: int
    met: int
    met_of: str
    smallest: int
    largest: int
    step: int
    median: int = 395_00
    oversubscription: str = Oversubscription.FIRST_COME
    tiers: tuple[dict, ...] = ()
    match: dict = field(default_factory=dict)
    returning: float = 0.0  # the share of applicants who are members already
    why_warnings_may_stand: str = (
        "The board has talked it over: our members asked for this limit, and nobody here claims tax relief."
    )

    @property
    def takes_real_cards(self) -> bool:
        """Whether its card payments are made at the fake Stripe, so that refunds of them can go back there."""
        return self.end != ALLOTTED


@dataclass(frozen=True)
class SocietyStory:
    """A society with its rules, its officers and its offers, the oldest first."""

    slug: str
    registered_name: str
    register_number: str
    jurisdiction: str
    office: str
    region: Region
    accent: str
    objects: str
    telephone: str
    registered: int
    max_holding: int
    share_class: str
    nominal: int
    interest: str
    founders: int
    officers: dict[str, str]
    offers: tuple[OfferStory, ...]
    legal_form: str = LegalForm.COMMUNITY_BENEFIT
    asset_lock: str = AssetLock.STATUTORY
    admits: tuple[str, ...] = tuple(HolderKind.values)

    @property
    def domain(self) -> str:
        return f"{self.slug}.example"

    @property
    def account_id(self) -> str:
        """Its account at the fake Stripe."""
        return f"acct_demo{self.slug.replace('-', '')}"


SHOP = SocietyStory(
    slug="quillbrook-shop",
    registered_name="Quillbrook Village Shop Limited",
    register_number="RS999901",
    jurisdiction="GB-ENG",
    office="The Old Forge\n3 High Street\nQuillbrook\nQB1 1AB",
    region=ENGLAND,
    accent="fern",
    objects="This society is invented, for a demonstration. It keeps a shop and post office for the benefit of the "
    "community of Quillbrook and the villages around it.",
    telephone="01632 960101",
    registered=610,
    max_holding=20_000_00,
    share_class="Community shares",
    nominal=5_00,
    interest="Up to 3% a year, from the third year",
    founders=7,
    officers={
        "secretary": "Harriet Dalby",
        "treasurer": "Kelvin Mistry",
        "board": "Rosalind Tweedale",
        "auditor": "Felix Underhill",
    },
    offers=(
        OfferStory(
            slug="buy-the-shop",
            title="Buy the village shop",
            summary="The last shop for six miles is for sale. We want to buy it, so that it stays.",
            story="""## Why now

When Mr and Mrs Fairweather said that they would retire, four hundred people came to the hall. Two hundred and sixty
of them said that they would put money in. This is an invented shop in an invented village; the sums are invented too.

## What the money does

- {minimum} buys the lease and the stock, and the shop goes on as it is.
- {optimum} buys the building as well, with the flat above it, which is let.
- {maximum} mends the roof before it has to be mended.

## What we expect

The shop has taken about the same for ten years. We plan with a little less, pay a manager and two part-time staff,
and count on volunteers for the rest. We hope to pay interest from the third year, if there is a surplus. There may be
none.
""",
            end=ALLOTTED,
            opened=560,
            days=52,
            people=270,
            met=92,
            met_of="optimum",
            smallest=25_00,
            largest=5_000_00,
            step=5_00,
            median=140_00,
        ),
        OfferStory(
            slug="a-bakery-behind-the-shop",
            title="A bakery behind the shop",
            summary="Bread that has not come forty miles: ovens, a cold store and a baker’s first year.",
            story="""## What it is for

The yard behind the shop has stood empty since the coal merchant left. We have a lease on it, a baker who wants to come
back to Quillbrook, and three pubs and a school that would buy from us. All of them are invented.

## What the money does

- {minimum} fits out the bakery with a second-hand oven.
- {optimum} buys a new oven that runs at night, when power is cheap, and a van.
- {maximum} pays the baker’s first winter too.

## If more people want shares than there are

People who live in Quillbrook come first, because their shop takes the risk. What is left is shared in proportion
among everybody else. Whoever gets fewer shares than they paid for is paid the difference back.
""",
            end=TO_DECIDE,
            opened=76,
            days=50,
            people=125,
            met=148,
            met_of="maximum",
            smallest=50_00,
            largest=3_000_00,
            step=5_00,
            median=220_00,
            oversubscription=Oversubscription.PRIORITY_TIERS,
            tiers=({"code": "local", "name": "Quillbrook", "postcodes": ["QB1"], "priority": 1},),
            returning=0.45,
        ),
    ),
)

ENERGY = SocietyStory(
    slug="ynni-gwernlas",
    registered_name="Ynni Cwm Gwernlas – Gwernlas Valley Energy Limited",
    register_number="RS999902",
    jurisdiction="GB-WLS",
    office="Yr Hen Ysgol\nHeol y Felin\nGwernlas\nYG1 1CD",
    region=WALES,
    accent="tide",
    objects="This society is invented, for a demonstration. It makes electricity from the water and the sun of Cwm "
    "Gwernlas and spends its surplus on what the valley needs.",
    telephone="029 2018 0102",
    registered=720,
    max_holding=50_000_00,
    share_class="Cyfranddaliadau – Shares",
    nominal=1_00,
    interest="Up to 4% a year",
    founders=5,
    officers={
        "secretary": "Gwenllian Prydderch",
        "treasurer": "Emyr Havard",
        "board": "Nest Cadwaladr",
        "auditor": "Tudur Ithell",
    },
    offers=(
        OfferStory(
            slug="dwr-hydro",
            title="Dŵr Gwernlas: water power at the old mill",
            summary="A turbine where the mill wheel turned: 98 kilowatts from a river that we all walk along.",
            story="""## Dŵr yn gweithio – water at work

The leat of the old mill still holds water. With a new intake, four hundred metres of pipe and a turbine in the wheel
pit it would make about as much electricity in a year as a hundred and ten houses use. The river, the mill and the
valley are invented for this demonstration.

## What the money does

- {minimum} builds the scheme together with a loan for the rest.
- {optimum} builds it without the loan.
- {maximum} adds a battery in the village hall, for the nights when a line comes down.

## What could go wrong

A dry year makes less power. The price of power may fall. The licence to take water runs for twelve years and may be
renewed on other terms. If the scheme earns too little we pay no interest, and we may not be able to pay money back.
""",
            end=ALLOTTED,
            opened=690,
            days=62,
            people=455,
            met=97,
            met_of="optimum",
            smallest=100_00,
            largest=30_000_00,
            step=50_00,
        ),
        OfferStory(
            slug="haul-solar-roofs",
            title="Haul: sun on seven roofs",
            summary="Solar panels on the school, both chapels, the hall and three farms of the valley.",
            story="""## Why roofs

The river gives us winter power. Seven roofs would give us the summer. The school and the hall would buy what they use
by day for less than they pay now, and what is left is sold. None of these roofs exists: this is a demonstration.

## What the money does

- {minimum} covers the school and the hall.
- {optimum} covers all seven roofs.
- {maximum} adds a charging point at the hall.

## Match funding

Cronfa Bro Gwernlas, an invented fund, puts in fifty pence beside each pound of people’s money once people alone have
reached the minimum.

## How to try it

Apply as anybody you like. Pay by card on the page of a pretended Stripe that belongs to this demonstration, or choose
a bank transfer and let the treasurer record it.
""",
            end=OPEN,
            opened=24,
            days=59,
            people=75,
            met=71,
            met_of="optimum",
            smallest=50_00,
            largest=10_000_00,
            step=50_00,
            match={
                "name": "Cronfa Bro Gwernlas",
                "kind": HolderKind.ORGANISATION,
                "address": "2 Y Maes\nGwernlas\nYG1 1EF",
                "ratio_pence": 50,
                "cap_pence": 20_000_00,
            },
            returning=0.35,
        ),
    ),
)

BREWERY = SocietyStory(
    slug="drumnacarrow-brewing",
    registered_name="Drumnacarrow Harbour Brewing Society Limited",
    register_number="NI999903",
    jurisdiction="GB-NIR",
    office="The Salt Store\nQuay Lane\nDrumnacarrow\nDQ1 1GH",
    region=NORTHERN_IRELAND,
    accent="bronze",
    objects="This society is invented, for a demonstration. It brews at the harbour of Drumnacarrow, for its "
    "members and by them.",
    telephone="028 9649 6103",
    registered=655,
    max_holding=20_000_00,
    share_class="Withdrawable shares",
    nominal=10_00,
    interest="Up to 5% a year",
    founders=6,
    officers={
        "secretary": "Deirdre McQuillan",
        "treasurer": "Samuel Nesbitt",
        "board": "Orla Convery",
        "auditor": "Mervyn Gault",
    },
    legal_form=LegalForm.CO_OPERATIVE,
    asset_lock=AssetLock.VOLUNTARY,
    offers=(
        OfferStory(
            slug="the-brewhouse",
            title="A brewhouse at the harbour",
            summary="Ten barrels at a time in the old salt store: a brewery that its drinkers own.",
            story="""## The salt store

It has stood empty for thirty years. The invented harbour board of an invented harbour has let it to us for
twenty-five. We brewed in a garage for three years to learn whether people would drink it. They did.

## What the money does

- {minimum} makes the building sound and buys a five-barrel plant.
- {optimum} buys a ten-barrel plant and the cold room.
- {maximum} adds our own small bar, open from Thursday to Sunday.

## What you should know

Breweries fail. Ours could. Nobody here is paid to sell shares, and nobody should put in money that they need.
""",
            end=ALLOTTED,
            opened=630,
            days=57,
            people=275,
            met=104,
            met_of="optimum",
            smallest=100_00,
            largest=15_000_00,
            step=10_00,
            median=300_00,
        ),
        OfferStory(
            slug="a-visitor-centre",
            title="A visitor centre on the quay",
            summary="A tasting room and a small museum of salt beside the brewery.",
            story="""## The idea

Coaches stop at the quay, and there is nothing to stop for. A tasting room with a small museum of salt would change
that. Quay, coaches and museum are invented.

## What the money does

- {minimum} builds the room.
- {optimum} builds the museum too.
- {maximum} pays for the first season’s staff.

If less than {minimum} is paid in by the last day, everybody gets all their money back.
""",
            end=FAILED,
            opened=78,
            days=46,
            people=48,
            met=41,
            met_of="minimum",
            smallest=100_00,
            largest=8_000_00,
            step=10_00,
            median=300_00,
            returning=0.3,
        ),
        OfferStory(
            slug="bottles",
            title="Bottles of our own",
            summary="A small bottling line, so that our beer can be posted.",
            story="""## What it is for

Twice a month a lorry takes our beer away to be bottled and brings half of it back in time. With a line of our own we
would bottle on the day that the beer is ready. This offer is a draft: nobody outside the society can see it.
""",
            end=DRAFT,
            opened=-21,
            days=60,
            people=0,
            met=100,
            met_of="optimum",
            smallest=100_00,
            largest=8_000_00,
            step=10_00,
        ),
    ),
)

SOCIETIES = (ENERGY, SHOP, BREWERY)
