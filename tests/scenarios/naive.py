"""A second, naive reading of the scenario format, in plain lists, to check the real one against."""

import csv
import tomllib
from datetime import date, datetime, time, timedelta
from fractions import Fraction
from pathlib import Path

PEOPLE = {"person", "joint", "child", "syndicate"}


def pence(text):
    return int(Fraction(text) * 100)


class Unplayable(Exception):
    """Money came for nothing that waits or has lapsed."""


class App:
    def __init__(s, **k):
        s.__dict__.update(k)


def play(folder, unplayable=None):
    """The expected outcome. `unplayable`: a list that takes the lines of money for nothing, instead of raising."""
    sc = tomllib.loads((Path(folder) / "scenario.toml").read_text())
    o, rules = sc["offer"], sc["rules"]
    unit = pence(o["multiple_of"])
    maximum = pence(o["maximum"])
    minimum = pence(o["minimum"])
    law = 20_000_00 if sc["society"]["jurisdiction"] == "GB-NIR" else 100_000_00
    fc = o["oversubscription"] == "first-come"
    opens = datetime.combine(o["opens_on"], time())
    closes = datetime.combine(o["closes_on"], time()) + timedelta(days=1)
    closed = None
    tiers = o.get("tier", [])
    apps = []
    kinds = {}
    with open(Path(folder) / "events.csv", newline="", encoding="utf-8") as source:
        rows = list(csv.DictReader(source))
    for r in rows:
        if r["event"] == "apply":
            kinds.setdefault(r["applicant"], r["kind"])

    def tier_of(pc):
        pc = pc.replace(" ", "").upper()
        for t in tiers:
            if any(pc.startswith(p.replace(" ", "").upper()) for p in t["postcodes"]):
                return t
        return None

    def lapse(now):
        for a in apps:
            if a.state == "live" and not a.paid and now > a.deadline:
                a.state = "lapsed"

    def room():
        return maximum - sum(a.due for a in apps if a.state == "live")

    def is_open(now):
        return opens <= now < closes and (closed is None)

    def limits(concerned, amount, t, kind_of_line, skip=None):
        found = []
        biggest = pence((t or {}).get("max_application", o["max_application"]))
        live = {
            p: sum(a.due for a in apps if a is not skip and a.state == "live" and p in a.concerned) for p in concerned
        }
        if any(live[p] + amount > biggest for p in concerned):
            found.append("AMT-1")
        if any(kinds.get(p) != "registered-society" and live[p] + amount > law for p in concerned):
            found.append("CAP-1")
        pct = maximum * o["max_percent"] // 100 if "max_percent" in o else None
        if any(live[p] + amount > pence(rules["max_holding"]) for p in concerned) or (
            pct is not None and any(live[p] + amount > pct for p in concerned)
        ):
            found.append("CAP-2")
        return found

    def apply(now, r, line):
        amount = pence(r["amount"])
        t = tier_of(r["postcode"])
        smallest = pence((t or {}).get("min_application", o["min_application"]))
        concerned = [r["applicant"], *[x.strip() for x in r["with"].split(";") if x.strip()]]
        a = App(
            line=line,
            who=r["applicant"],
            kind=r["kind"],
            asked=amount,
            due=amount,
            tier=t,
            smallest=smallest,
            concerned=concerned,
            state="refused",
            problems=[],
            held=0,
            refunded=0,
            paid=False,
            cleared=None,
            cents=0,
            at=now,
            allotted=0,
            total=0,
        )
        apps.append(a)
        p = a.problems
        if not is_open(now):
            p.append("OPN-1")
        lim = limits(concerned, amount, t, r["kind"], skip=a)
        if amount < smallest or amount % unit or "AMT-1" in lim:
            p.append("AMT-1")
        if r["kind"] not in rules["admits"]:
            p.append("ADM-1")
        if r["kind"] in ("person", "joint") and r["born_on"]:
            b = date.fromisoformat(r["born_on"])
            d = now.date()
            age = d.year - b.year - ((d.month, d.day) < (b.month, b.day))
            if age < rules["min_age"]:
                p.append("MEM-2")
        if r["kind"] == "syndicate" and int(r["people"] or 0) > rules["syndicate_max"]:
            p.append("GRP-1")
        p += [x for x in lim if x != "AMT-1"]
        if not p and fc:
            left = room() // unit * unit
            if amount > left:
                p.append("OFF-5")
                if r["accept_less"] == "y" and left >= smallest:
                    a.due = left
                else:
                    return
        elif p:
            return
        a.state = "live"
        a.method = r["method"]
        a.deadline = now + (timedelta(minutes=31) if r["method"] == "card" else timedelta(days=o["transfer_days"]))
        a.cool = now + timedelta(days=o["cooling_off_days"])

    def refund(a):
        a.refunded += a.held
        a.held = 0

    def pay(now, r):
        mine = [a for a in apps if a.who == r["applicant"]]
        live = [a for a in mine if a.state == "live" and not a.paid]
        lapsed = [a for a in mine if a.state == "lapsed"]
        a = live[-1] if live else lapsed[-1] if lapsed else None
        if a is None:
            if unplayable is None:
                raise Unplayable(r)
            unplayable.append(r)
            return
        amount = pence(r["amount"]) if r["amount"] else a.due - a.held
        if amount <= 0:
            return
        a.held += amount
        a.total += amount
        if a.state == "lapsed":
            fits = a.due <= (room() if fc else maximum)
            if not is_open(now) or not fits or limits(a.concerned, a.due, a.tier, a.kind, skip=a):
                return refund(a)
            if a.held == a.due:
                a.state = "live"
        if a.state == "live" and a.held == a.due:
            a.paid = True
            a.cleared = (now, a.line)

    for i, r in enumerate(rows):
        now = datetime.fromisoformat(r["at"])
        lapse(now)
        e = r["event"]
        if e == "apply":
            apply(now, r, i + 2)
        elif e == "pay":
            pay(now, r)
        elif e == "cancel":
            live = [a for a in apps if a.who == r["applicant"] and a.state == "live"]
            if live and now <= live[-1].cool:
                live[-1].state = "cancelled"
                refund(live[-1])
        elif e == "extend":
            if closed is None:
                closes = datetime.combine(date.fromisoformat(r["note"]), time()) + timedelta(days=1)
        elif e == "close":
            closed = now
    for a in apps:
        if a.state == "live" and not a.paid:
            a.state = "lapsed"
    paid = sorted((a for a in apps if a.state == "live"), key=lambda a: a.cleared)
    cleared = sum(a.due for a in paid)
    exceptions = sum(a.held for a in apps if a.state == "lapsed")
    for a in apps:
        if a.state == "lapsed":
            refund(a)
    out = {
        "applied_pence": sum(a.asked for a in apps if a.state != "refused"),
        "cleared_pence": cleared,
        "exceptions_pence": exceptions,
        "oversubscribed": cleared > maximum,
        "match_pence": 0,
        "allotted_pence": 0,
    }
    members = set()
    if cleared >= minimum:
        out["state"] = "allotted"
        before_ratio = list(paid)
        if "ratio" in o:
            code, pct = o["ratio"]["tier"], o["ratio"]["at_least_percent"]
            inside = {a.who for a in paid if a.tier and a.tier["code"] == code}
            outside = list(dict.fromkeys(a.who for a in paid if a.who not in inside))
            keep = set(outside[: len(inside) * (100 - pct) // pct]) | inside
            for a in paid:
                if a.who not in keep:
                    a.problems.append("RAT-1")
                    a.state = "refunded"
                    refund(a)
            paid = [a for a in paid if a.who in keep]
        give = share(paid, maximum, unit, o)
        for a in paid:
            g = give[a.line]
            a.allotted = g
            if g < a.due and "OFF-5" not in a.problems:
                a.problems.append("OFF-5")
            a.refunded += a.held - g
            a.held = 0
            a.state = "allotted" if g else "refunded"
            if g:
                members.add(a.who)
        out["allotted_pence"] = sum(a.allotted for a in apps)
        people = sum(a.allotted for a in apps if a.kind in PEOPLE)
        people_cleared = sum(a.due for a in before_ratio if a.kind in PEOPLE)
        n = len(members)
        for m in sc.get("match", []):
            if m["trigger"] == "minimum" and people_cleared < minimum:
                continue
            g = min(int(Fraction(m["ratio"]) * people), pence(m["cap"])) // unit * unit
            if g:
                out["match_pence"] += g
                n += 1
        out["members"] = out["certificates"] = n
    else:
        out["state"] = "failed"
        out["members"] = out["certificates"] = 0
        for a in paid:
            a.problems.append("OFF-2")
            a.state = "refunded"
            refund(a)
    out["refunded_pence"] = sum(a.refunded for a in apps)
    res = [
        dict(
            line=a.line,
            applicant=a.who,
            state=a.state,
            applied_pence=a.asked,
            paid_pence=a.total,
            allotted_pence=a.allotted,
            refunded_pence=a.refunded,
            rules=a.problems,
        )
        for a in apps
    ]
    return {"offer": out, "applications": res}


def pro_rata(apps, cap, unit):
    g = {a.line: 0 for a in apps}
    if sum(a.due for a in apps) <= cap:
        return {a.line: a.due for a in apps}
    m = {a.line: min(a.smallest, a.due) for a in apps}
    if sum(m.values()) > cap:
        left = cap
        for a in apps:
            if m[a.line] <= left:
                g[a.line] = m[a.line]
                left -= m[a.line]
        return g
    left = (cap - sum(m.values())) // unit
    wants = {a.line: (a.due - m[a.line]) // unit for a in apps}
    W = sum(wants.values())
    frac = []
    used = 0
    for i, a in enumerate(apps):
        q = Fraction(wants[a.line] * left, W)
        g[a.line] = int(q)
        used += int(q)
        frac.append((-(q - int(q)), i, a.line))
    for _, _, line in sorted(frac)[: left - used]:
        g[line] += 1
    return {a.line: m[a.line] + g[a.line] * unit for a in apps}


def cap_largest(apps, cap, unit):
    if sum(a.due for a in apps) <= cap:
        return {a.line: a.due for a in apps}
    C = cap // unit
    r = [a.due // unit for a in apps]
    lo, hi = 0, max(r)
    while lo < hi:
        mid = (lo + hi + 1) // 2
        if sum(min(x, mid) for x in r) <= C:
            lo = mid
        else:
            hi = mid - 1
    g = [min(x, lo) for x in r]
    left = C - sum(g)
    for i, x in enumerate(r):
        if left and x > lo:
            g[i] += 1
            left -= 1
    return {a.line: g[i] * unit for i, a in enumerate(apps)}


def first_come(apps, cap, unit):
    g, left = {}, cap // unit * unit
    for a in apps:
        g[a.line] = min(a.due, left)
        left -= g[a.line]
    return g


def share(apps, cap, unit, o):
    kind = o["oversubscription"]
    if kind == "first-come" or sum(a.due for a in apps) <= cap:
        return {a.line: a.due for a in apps}
    cut = {"pro-rata": pro_rata, "cap-largest": cap_largest, "first-come": first_come}
    if kind != "priority-tiers":
        return cut[kind](apps, cap, unit)
    give, left = {a.line: 0 for a in apps}, cap
    rank = lambda a: a.tier["priority"] if a.tier else 10**9
    for p in sorted({rank(a) for a in apps}):
        group = [a for a in apps if rank(a) == p]
        total = sum(a.due for a in group)
        if total <= left:
            for a in group:
                give[a.line] = a.due
            left -= total
        else:
            give.update(cut[o.get("tier_then", "pro-rata")](group, left, unit))
            break
    return give
