"""Offers of every shape, small enough to be worked out by hand beside the naive reading."""

from tests.rehearsal.files import apply, event, paid, pay, write


def test_first_come_is_cut_to_the_room_and_then_full(rehearse, tmp_path):
    lines = [
        paid("03 09:00", "A", "1500.00"),
        paid("03 10:00", "B", "1000.00", accept_less="y"),
        paid("03 11:00", "C", "1000.00")[0],
        apply("03 12:00", "D", "100.00", accept_less="y"),
    ]
    found = rehearse(write(tmp_path / "s", lines))
    assert found.of("state", "allotted_pence", "rules") == {
        "A": ("allotted", 1500_00, []), "B": ("allotted", 500_00, ["OFF-5"]),
        "C": ("refused", 0, ["OFF-5"]), "D": ("refused", 0, ["OFF-5"]),
    }  # fmt: skip
    assert (found.offer["applied_pence"], found.offer["cleared_pence"], found.offer["members"]) == (2500_00, 2000_00, 2)
    assert found.offer["oversubscribed"] is False


def test_pro_rata_gives_everyone_the_smallest_and_divides_the_rest(rehearse, tmp_path):
    """£1,700 over £1,000 and £1,900: 586.2 and 1,113.8; the odd pound goes to the larger fraction."""
    lines = [paid("03 09:00", "A", "1100.00"), paid("03 10:00", "B", "2000.00"), paid("03 11:00", "C", "100.00")]
    found = rehearse(write(tmp_path / "s", lines, offer={"oversubscription": "pro-rata"}))
    assert found.of("allotted_pence", "refunded_pence", "rules") == {
        "A": (686_00, 414_00, ["OFF-5"]), "B": (1214_00, 786_00, ["OFF-5"]), "C": (100_00, 0, [])}  # fmt: skip
    assert found.offer["oversubscribed"] is True


def test_where_not_even_the_smallest_fits_the_first_get_it(rehearse, tmp_path):
    lines = [paid(f"03 {hour:02}:00", f"P{hour}", "100.00") for hour in range(8, 20)]
    offer = {"oversubscription": "pro-rata", "maximum": "1050.00", "optimum": "1050.00"}
    found = rehearse(write(tmp_path / "s", lines, offer=offer))
    assert [row[0] for row in found.of("allotted_pence").values()] == [100_00] * 10 + [0, 0]
    assert found.offer["allotted_pence"] == 1000_00


def test_cap_largest_cuts_from_above(rehearse, tmp_path):
    lines = [paid("03 09:00", "A", "300.00"), paid("03 10:00", "B", "1500.00"), paid("03 11:00", "C", "1500.00")]
    offer = {"oversubscription": "cap-largest", "maximum": "2001.00", "optimum": "2001.00"}
    found = rehearse(write(tmp_path / "s", lines, offer=offer))
    assert found.of("allotted_pence") == {"A": (300_00,), "B": (851_00,), "C": (850_00,)}


TIERS = '[[offer.tier]]\ncode = "A"\npostcodes = ["PA20"]\nmin_application = "25.00"\npriority = 1\n'
WIDER = '[[offer.tier]]\ncode = "B"\npostcodes = ["PA", "g1 "]\npriority = 2\n'


def test_tiers_come_in_order_and_the_one_that_does_not_fit_is_cut(rehearse, tmp_path):
    lines = [
        paid("03 08:00", "N", "900.00", postcode="LS1 1AA"),
        paid("03 09:00", "B", "800.00", postcode="G1 1AA"),
        paid("03 10:00", "A", "1000.00", postcode="pa20 0LQ"),
        apply("03 11:00", "small", "25.00", postcode="PA1 1AA"),
    ]
    offer = {"oversubscription": "priority-tiers", "tier_then": "first-come"}
    found = rehearse(write(tmp_path / "s", lines, offer=offer, more=TIERS + WIDER))
    assert found.of("allotted_pence", "rules") == {
        "N": (200_00, ["OFF-5"]), "B": (800_00, []), "A": (1000_00, []), "small": (0, ["AMT-1"])}  # fmt: skip


def test_the_ratio_keeps_only_so_many_from_outside(rehearse, tmp_path):
    here = [paid(f"0{day} 09:00", f"H{day}", "400.00", postcode="PA20 1AA") for day in (3, 4, 5)]
    away = [paid(f"0{day} 10:00", f"W{day}", "200.00", postcode="LS1 1AA") for day in (3, 4)]
    more = TIERS + '[offer.ratio]\ntier = "A"\nat_least_percent = 75\n'
    found = rehearse(write(tmp_path / "s", [here[0], away[0], here[1], away[1], here[2]], more=more))
    assert found.of("state", "rules")["W3"] == ("allotted", [])
    assert found.of("state", "rules", "refunded_pence")["W4"] == ("refunded", ["RAT-1"], 200_00)
    assert (found.offer["members"], found.offer["allotted_pence"]) == (4, 1400_00)


MATCH = '[[match]]\nname = "Fund"\nkind = "registered-society"\nratio = "0.50"\ncap = "{}"\ntrigger = "{}"\n'


def test_a_match_stands_beside_the_maximum_and_counts_people_only(rehearse, tmp_path):
    lines = [paid("03 09:00", "A", "1000.00"), paid("03 10:00", "O", "1000.00", kind="organisation")]
    more = MATCH.format("400.00", "minimum") + MATCH.format("10000.00", "always").replace("Fund", "Trust")
    found = rehearse(write(tmp_path / "s", lines, more=more))
    assert (found.offer["allotted_pence"], found.offer["match_pence"]) == (2000_00, 900_00)
    assert (found.offer["members"], found.offer["certificates"]) == (4, 4)
    kinds = [row["entry_type"] for row in found.csv("ledger.csv")]
    assert kinds == ["founding"] * 3 + ["allotment"] * 2 + ["match"] * 2


def test_a_match_that_waits_for_people_gives_nothing_without_them(rehearse, tmp_path):
    lines = [paid("03 09:00", "A", "999.00"), paid("03 10:00", "O", "1000.00", kind="organisation")]
    found = rehearse(write(tmp_path / "s", lines, more=MATCH.format("400.00", "minimum")))
    assert (found.offer["state"], found.offer["match_pence"]) == ("allotted", 0)


def test_in_northern_ireland_twenty_thousand_pounds_is_the_most(rehearse, tmp_path):
    large = {"maximum": "90000.00", "optimum": "90000.00", "max_application": "90000.00"}
    lines = [
        paid("03 09:00", "A", "20000.00"),
        apply("03 10:00", "A", "100.00"),
        apply("03 11:00", "B", "20001.00"),
        paid("03 12:00", "S", "30000.00", kind="registered-society"),
        apply("03 13:00", "J", "100.00", kind="joint", **{"with": "A"}),
    ]
    found = rehearse(write(tmp_path / "s", lines, offer=large, society={"jurisdiction": "GB-NIR"}))
    assert [row["rules"] for row in rules(found)] == [[], ["CAP-1"], ["CAP-1"], [], ["CAP-1"]]


def test_the_same_sums_are_free_elsewhere(rehearse, tmp_path):
    large = {"maximum": "190000.00", "optimum": "190000.00", "max_application": "190000.00"}
    lines = [paid("03 09:00", "B", "20001.00"), apply("03 10:00", "C", "100001.00")]
    found = rehearse(write(tmp_path / "s", lines, offer=large))
    assert [row["rules"] for row in rules(found)] == [[], ["CAP-1", "CAP-2"]]


def rules(found) -> list[dict]:
    return [{"rules": [problem["rule"] for problem in row["problems"]]} for row in found.outcome["applications"]]


def test_shares_of_twenty_five_pounds_are_shared_out_whole(rehearse, tmp_path):
    """40 shares; 38 after one each, over 19 and 39 wanted: 12.4 and 25.6."""
    lines = [paid("03 09:00", "A", "500.00"), paid("03 10:00", "B", "1000.00"), apply("03 11:00", "C", "110.00")]
    offer = {"oversubscription": "pro-rata", "multiple_of": "25.00", "min_application": "25.00",
             "minimum": "500.00", "optimum": "1000.00", "maximum": "1000.00"}  # fmt: skip
    found = rehearse(write(tmp_path / "s", lines, offer=offer, share_class={"nominal": "25.00"}))
    assert found.of("allotted_pence", "rules") == {
        "A": (325_00, ["OFF-5"]), "B": (675_00, ["OFF-5"]), "C": (0, ["AMT-1"])}  # fmt: skip
    assert [row["shares_change"] for row in found.csv("ledger.csv")][-2:] == ["13", "27"]


def test_an_offer_below_its_minimum_fails_and_everybody_is_refunded(rehearse, tmp_path):
    lines = [paid("03 09:00", "A", "900.00"), paid("03 10:00", "B", "99.99")[0]]
    found = rehearse(write(tmp_path / "s", lines))
    assert found.of("state", "rules", "refunded_pence") == {
        "A": ("refunded", ["OFF-2"], 900_00), "B": ("refused", ["AMT-1"], 0)}  # fmt: skip
    assert (found.offer["state"], found.offer["members"], found.offer["certificates"]) == ("failed", 0, 0)
    assert [(row["amount"], row["rule"]) for row in found.csv("refunds.csv")] == [("900.00", "OFF-2")]


def test_a_card_has_thirty_one_minutes_and_late_money_revives(rehearse, tmp_path):
    lines = [
        apply("03 09:00:00", "last", "500.00"), pay("03 09:31:00", "last"),
        apply("04 09:00:00", "late", "500.00"), pay("04 09:31:01", "late"),
        apply("05 09:00", "never", "500.00"), event("05 09:05", "pay-fails", "never"),
        apply("27 23:59", "after", "500.00"), pay("28 00:31", "after"),
    ]  # fmt: skip
    found = rehearse(write(tmp_path / "s", lines))
    assert found.of("state", "refunded_pence") == {
        "last": ("allotted", 0), "late": ("allotted", 0),
        "never": ("lapsed", 0), "after": ("lapsed", 500_00),
    }  # fmt: skip


def test_money_that_is_not_exactly_right_is_held_and_goes_back(rehearse, tmp_path):
    lines = [
        paid("03 09:00", "right", "1000.00"),
        apply("03 10:00", "over", "100.00", method="cheque"), pay("03 11:00", "over", "101.00"),
        apply("04 10:00", "twice", "100.00", method="cheque"), pay("04 11:00", "twice", "60.00"),
        pay("04 12:00", "twice"),
    ]  # fmt: skip
    found = rehearse(write(tmp_path / "s", lines))
    assert found.of("state", "paid_pence", "refunded_pence") == {
        "right": ("allotted", 1000_00, 0), "over": ("lapsed", 101_00, 101_00),
        "twice": ("allotted", 100_00, 0),
    }  # fmt: skip
    assert found.offer["exceptions_pence"] == 101_00


def test_cancelling_extending_and_closing(rehearse, tmp_path):
    lines = [
        paid("03 09:00", "A", "1000.00"),
        paid("03 10:00", "B", "300.00"), event("06 10:00", "cancel", "B"),
        paid("03 11:00", "C", "200.00"), event("06 11:00:01", "cancel", "C"),
        event("26 09:00", "extend", note="2026-03-30"),
        paid("29 09:00", "D", "100.00"), event("29 10:00", "close"),
        apply("29 11:00", "E", "100.00"), event("29 12:00", "extend", note="2026-04-30"),
        apply("30 11:00", "F", "100.00"),
    ]  # fmt: skip
    found = rehearse(write(tmp_path / "s", in_time(lines)))
    assert found.of("state", "rules") == {
        "A": ("allotted", []), "B": ("cancelled", []), "C": ("allotted", []), "D": ("allotted", []),
        "E": ("refused", ["OPN-1"]), "F": ("refused", ["OPN-1"]),
    }  # fmt: skip


def in_time(lines: list) -> list[dict]:
    flat = [row for line in lines for row in (line if isinstance(line, list) else [line])]
    return sorted(flat, key=lambda row: row["at"])


def test_every_kind_of_holder_and_every_reason_at_once(rehearse, tmp_path):
    lines = [
        paid("03 09:00", "A", "1000.00"),
        paid("03 10:00", "child", "100.00", kind="child", born_on="2020-01-01", **{"with": "A"}),
        paid("03 11:00", "joint", "100.00", kind="joint", **{"with": "A;nobody"}),
        apply("03 12:00", "young", "100.00", born_on="2010-03-04"),
        paid("04 12:00", "grown", "100.00", born_on="2010-03-04"),
        apply("05 09:00", "crowd", "99.50", kind="syndicate", people="11"),
        paid("05 10:00", "group", "100.00", kind="syndicate", people="10"),
    ]
    changes = {"rules": {"max_holding": "1200.00"}, "offer": {"max_percent": 60}}
    found = rehearse(write(tmp_path / "s", lines, **changes))
    assert found.of("state", "rules") == {
        "A": ("allotted", []), "child": ("allotted", []), "joint": ("allotted", []), "young": ("refused", ["MEM-2"]),
        "grown": ("allotted", []), "crowd": ("refused", ["AMT-1", "GRP-1"]), "group": ("allotted", []),
    }  # fmt: skip
