"""What a Checkout session is for: its lines, their prices, the total. Source: docs.stripe.com/api/checkout/sessions."""

from __future__ import annotations

from payments.fakestripe import errors
from payments.fakestripe.objects import list_of, new_id
from payments.fakestripe.world import World

LARGEST = 999_999_99  # pence: eight digits
SMALLEST = 30


def lines_of(world: World, account: str, params: dict) -> list[dict]:
    """The lines as the session will keep them: name, unit amount, quantity, currency. Raises ApiError."""
    if not params.get("line_items"):
        raise errors.missing("line_items")
    lines = [_line(world, account, line, f"line_items[{n}]") for n, line in enumerate(params["line_items"])]
    if len({line["currency"] for line in lines}) > 1:
        raise errors.invalid("line_items", "All prices on a Checkout Session must have the same currency.")
    total = total_of(lines)
    if total > LARGEST:
        raise errors.invalid(
            "line_items",
            f"The Checkout Session's total amount must convert to at most {LARGEST}.",
            "amount_too_large",
        )
    if total < SMALLEST:
        raise errors.invalid(
            "line_items",
            f"The Checkout Session's total amount must convert to at least {SMALLEST} pence.",
            "amount_too_small",
        )
    return lines


def _line(world: World, account: str, line: dict, where: str) -> dict:
    quantity = line.get("quantity", 1)
    if quantity < 1:
        raise errors.invalid(f"{where}[quantity]", "This value must be greater than or equal to 1.")
    if "price" in line:
        price = world.store.get(account, "price", line["price"], f"{where}[price]", status=400)
        if price["recurring"]:
            raise errors.not_modelled("a price for each month or so on a Checkout line", f"{where}[price]")
        product = world.store.find(account, "product", price["product"])
        name = product["name"] if product else price["id"]
        return _kept(world, name, price["unit_amount"], quantity, price["currency"])
    data = line.get("price_data")
    if not data:
        raise errors.missing(f"{where}[price]")
    if "unit_amount" not in data:
        raise errors.missing(f"{where}[price_data][unit_amount]")
    if data["unit_amount"] < 0:
        raise errors.invalid(f"{where}[price_data][unit_amount]", "This value must not be negative.")
    if "product_data" not in data:
        raise errors.missing(f"{where}[price_data][product_data]")
    return _kept(world, data["product_data"]["name"], data["unit_amount"], quantity, data["currency"].lower())


def _kept(world: World, name: str, unit_amount: int, quantity: int, currency: str) -> dict:
    ident = new_id(world, "item")
    return {"id": ident, "name": name, "unit_amount": unit_amount, "quantity": quantity, "currency": currency}


def total_of(lines: list[dict]) -> int:
    """In the smallest unit of the currency."""
    return sum(line["unit_amount"] * line["quantity"] for line in lines)


def line_items(session: dict) -> dict:
    """The list of line items of a session, all of them at once."""
    data = [
        {
            "id": line["id"],
            "object": "item",
            "amount_discount": 0,
            "amount_subtotal": line["unit_amount"] * line["quantity"],
            "amount_tax": 0,
            "amount_total": line["unit_amount"] * line["quantity"],
            "currency": line["currency"],
            "description": line["name"],
            "price": None,
            "quantity": line["quantity"],
        }
        for line in session["_lines"]
    ]
    return list_of(data, f"/v1/checkout/sessions/{session['id']}/line_items")
