"""How the fake's pages look: one column, made for a phone first, and plainly not Stripe's."""

from __future__ import annotations

from html import escape

from payments.fakestripe.resources.behaviours import Behaviour

TITLE = "Fake Stripe – no real money"
_SIGNS = {"gbp": "£", "eur": "€", "usd": "$"}
_STYLE = """
:root{color-scheme:light;--ink:#1c2330;--quiet:#566074;--line:#c9cfda;--blue:#23408e;--wrong:#a3211b}
*{box-sizing:border-box}
body{margin:0;background:#eef0f4;color:var(--ink);font:1.0625rem/1.5 system-ui,-apple-system,"Segoe UI",sans-serif}
.fake{margin:0;padding:.75rem 1rem;background:#ffd54a;color:#1c1600;font-weight:700;text-align:center;
border-bottom:.5rem solid;border-image:repeating-linear-gradient(135deg,#1c1600 0 .6rem,#ffd54a .6rem 1.2rem) 8}
main{max-width:30rem;margin:0 auto;padding:1.25rem 1rem 3rem}
.sheet{background:#fff;border-radius:.75rem;padding:1.25rem;box-shadow:0 1px 3px #1c233026}
h1{margin:0;font-size:1.25rem;line-height:1.3}
.sum{margin:.25rem 0 1rem;font-size:2.25rem;font-weight:700;font-variant-numeric:tabular-nums}
dl{margin:0 0 1.25rem;padding:.75rem 0;border-block:1px solid var(--line)}
dl div{display:flex;justify-content:space-between;gap:1rem}dt{color:var(--quiet)}
dd{margin:0;text-align:right;overflow-wrap:anywhere}
fieldset{border:0;margin:0;padding:0}legend{padding:0;margin-bottom:.5rem;font-weight:700}
label{display:flex;align-items:center;gap:.75rem;min-height:3.25rem;padding:.5rem .75rem;margin-bottom:.5rem;
border:1px solid #8b93a3;border-radius:.5rem;cursor:pointer}
label:has(:checked){border-color:var(--blue);box-shadow:inset 0 0 0 1px var(--blue);background:#f3f6ff}
input{width:1.375rem;height:1.375rem;flex:none;accent-color:var(--blue)}
small{display:block;color:var(--quiet)}
button{width:100%;min-height:3.25rem;margin-top:.75rem;border:0;border-radius:.5rem;background:var(--blue);color:#fff;
font:inherit;font-weight:700;cursor:pointer}
button:hover{background:#182f6d}button.second{background:#fff;color:var(--blue);border:2px solid var(--blue)}
:focus-visible{outline:3px solid #ffb000;outline-offset:2px}
.problem{margin:0 0 1rem;padding:.75rem;border-left:.3rem solid var(--wrong);background:#fdeceb}
.back{display:inline-block;padding:.75rem 0;color:var(--blue)}
"""


def _whole(title: str, inside: str) -> str:
    return (
        f'<!doctype html>\n<html lang="en-GB"><head><meta charset="utf-8"><title>{escape(title)} – {TITLE}</title>'
        f'<meta name="viewport" content="width=device-width,initial-scale=1"><style>{_STYLE}</style></head>'
        f'<body><header><p class="fake">{TITLE}</p></header><main><div class="sheet">{inside}</div></main>'
        "</body></html>"
    )


def money(amount: int, currency: str) -> str:
    """Pence as people write them: £1,250.00."""
    sign = _SIGNS.get(currency, currency.upper() + " ")
    return f"{sign}{amount // 100:,}.{amount % 100:02}"


def payment(session: dict, choices: list[tuple[str, Behaviour]], problem: str) -> str:
    """The form of a session's page; `problem` says why the last try did not work."""
    is_payment = session["mode"] == "payment"
    total = money(session["amount_total"], session["currency"]) if is_payment else ""
    heading = session["_lines"][0]["name"] if session["_lines"] else "Keep a way to pay for later"
    button = f"Pay {total}" if is_payment else "Save"
    back = f'<a class="back" href="{escape(session["cancel_url"])}">Back</a>' if session["cancel_url"] else ""
    alert = f'<p class="problem" role="alert">{escape(problem)}</p>' if problem else ""
    options = "".join(_choice(name, behaviour, is_first=n == 0) for n, (name, behaviour) in enumerate(choices))
    return _whole(
        "Payment",
        f'{alert}<h1>{escape(heading)}</h1><p class="sum">{total}</p>{_facts(session)}'
        f'<form method="post" action="{escape(session["url"])}">'
        f"<fieldset><legend>What shall happen?</legend>{options}</fieldset><button>{button}</button></form>{back}",
    )


def _facts(session: dict) -> str:
    facts = [("Reference", session["client_reference_id"]), ("E-mail", session["customer_email"])]
    if len(session["_lines"]) > 1:
        lines = [(line["name"], money(line["unit_amount"] * line["quantity"], line["currency"])) for line in
                 session["_lines"]]  # fmt: skip
        facts = lines + facts
    rows = "".join(f"<div><dt>{escape(k)}</dt><dd>{escape(v)}</dd></div>" for k, v in facts if v)
    return f"<dl>{rows}</dl>" if rows else ""


def _choice(name: str, behaviour: Behaviour, *, is_first: bool) -> str:
    kind = {"card": f"{behaviour.funding.capitalize()} card", "bacs_debit": "Direct Debit"}.get(behaviour.kind, "Bank")
    digits = f" ending {behaviour.last4}" if behaviour.last4 else ""
    checked = " checked" if is_first else ""
    return (
        f'<label><input type="radio" name="choice" value="{escape(name)}" required{checked}>'
        f"<span>{escape(behaviour.label)}<small>{kind}{digits}</small></span></label>"
    )


def authentication(intent: dict) -> str:
    """What the payer's bank would ask."""
    is_payment = intent["object"] == "payment_intent"
    what = money(intent["amount"], intent["currency"]) if is_payment else "A card is kept for later"
    return _whole(
        "3-D Secure",
        f'<h1>Your bank asks: is this you?</h1><p class="sum">{what}</p>'
        '<form method="post"><button name="choice" value="ok">Approve</button>'
        '<button class="second" name="choice" value="no">Refuse</button></form>',
    )


def onboarding(account: str) -> str:
    return _whole(
        "Onboarding",
        f"<h1>Set up payments</h1><p>Account {escape(account)} wants to take payments. At Stripe the society's "
        'people would identify themselves here.</p><form method="post"><button>Finish</button></form>',
    )


def message(title: str, words: str, url: str | None = None, link: str = "") -> str:
    way = f'<a class="back" href="{escape(url)}">{escape(link)}</a>' if url else ""
    return _whole(title, f"<h1>{escape(title)}</h1><p>{escape(words)}</p>{way}")
