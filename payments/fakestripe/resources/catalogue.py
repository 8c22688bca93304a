"""Products and prices, as far as a Checkout line can name them. Source: docs.stripe.com/api/prices."""

from __future__ import annotations

from payments.fakestripe import errors, events
from payments.fakestripe.metadata import checked, merged
from payments.fakestripe.objects import new
from payments.fakestripe.paging import page
from payments.fakestripe.routing import PAGE, answers
from payments.fakestripe.world import World


def _created(world: World, account: str, obj: dict) -> dict:
    world.store.add(account, obj)
    events.emit(world, f"{obj['object']}.created", obj)
    return obj


@answers("POST", "/v1/products", "name description metadata active")
def create_product(world: World, account: str, params: dict) -> dict:
    product = new(
        world,
        "product",
        name=params["name"],
        active=params.get("active", True),
        images=[],
        description=params.get("description"),
        marketing_features=[],
        metadata=checked(params.get("metadata")),
        type="service",
        updated=world.now(),
    )
    return _created(world, account, product)


@answers("GET", "/v1/products", PAGE)
def list_products(world: World, account: str, params: dict) -> dict:
    return page(world, account, "product", params, "/v1/products")


@answers("GET", "/v1/products/{id}")
def retrieve_product(world: World, account: str, params: dict, ident: str) -> dict:
    return world.store.get(account, "product", ident)


@answers("POST", "/v1/products/{id}", "name description metadata active")
def update_product(world: World, account: str, params: dict, ident: str) -> dict:
    product = world.store.get(account, "product", ident)
    fields = {key: params[key] for key in ("name", "description", "active") if key in params}
    fields["metadata"] = merged(product["metadata"], params)
    return events.changed(world, "product.updated", product, **fields)


@answers("DELETE", "/v1/products/{id}")
def delete_product(world: World, account: str, params: dict, ident: str) -> dict:
    product = world.store.get(account, "product", ident)
    world.store.remove(product)
    events.emit(world, "product.deleted", product)
    return {"id": ident, "object": "product", "deleted": True}


@answers(
    "POST",
    "/v1/prices",
    "currency unit_amount product product_data.name metadata recurring.interval recurring.interval_count",
)
def create_price(world: World, account: str, params: dict) -> dict:
    if "unit_amount" not in params:
        raise errors.missing("unit_amount")
    if "product" in params:
        product = world.store.get(account, "product", params["product"], "product", status=400)
    elif "product_data" in params:
        product = create_product(world, account, {"name": params["product_data"]["name"]})
    else:
        raise errors.missing("product")
    price = new(
        world,
        "price",
        active=True,
        billing_scheme="per_unit",
        currency=params["currency"],
        metadata=checked(params.get("metadata")),
        type="recurring" if "recurring" in params else "one_time",
        recurring=_recurring(params.get("recurring")),
        product=product["id"],
        unit_amount=params["unit_amount"],
        unit_amount_decimal=str(params["unit_amount"]),
    )
    return _created(world, account, price)


def _recurring(asked: dict | None) -> dict | None:
    """A price for each month or so can be made, as Stripe's own examples do; the fake sells nothing by it."""
    fixed = {"meter": None, "trial_period_days": None, "usage_type": "licensed"}
    return {"interval": asked["interval"], "interval_count": asked.get("interval_count", 1)} | fixed if asked else None


@answers("POST", "/v1/prices/{price}", "metadata active")
def update_price(world: World, account: str, params: dict, ident: str) -> dict:
    price = world.store.get(account, "price", ident)
    fields = {"active": params.get("active", price["active"]), "metadata": merged(price["metadata"], params)}
    return events.changed(world, "price.updated", price, **fields)


@answers("GET", "/v1/prices/{price}")
def retrieve_price(world: World, account: str, params: dict, ident: str) -> dict:
    return world.store.get(account, "price", ident)
