"""Text becomes pence once, at the door, and pence become text once, on the page."""

import pytest
from django.core.exceptions import ValidationError

from common.money import PenceField, as_decimal, as_pounds, pence


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("250", 25000),
        (" £1,000 ", 100000),
        ("12.50", 1250),
        ("12.5", 1250),
        ("0", 0),
        ("£0.01", 1),
        ("1,234,567.89", 123456789),
    ],
)
def test_pence_of_what_people_write(text, expected):
    assert pence(text) == expected


@pytest.mark.parametrize(
    "text", ["", "abc", "-5", "1e9", "12.345", "1,00", "1.000,00", "٢٥", "²", "12 50", "£", "nan", "99999999999999"]
)
def test_pence_refuses_anything_else_with_words(text):
    with pytest.raises(ValidationError) as refusal:
        pence(text)
    assert refusal.value.code == "amount"


@pytest.mark.parametrize(
    ("amount_pence", "shown", "in_files"),
    [
        (100000, "£1,000", "1000.00"),
        (1250, "£12.50", "12.50"),
        (-300, "−£3", "-3.00"),
        (5, "£0.05", "0.05"),
        (0, "£0", "0.00"),
    ],
)
def test_pence_as_people_and_files_have_them(amount_pence, shown, in_files):
    assert (as_pounds(amount_pence), as_decimal(amount_pence)) == (shown, in_files)


def test_a_float_never_reaches_the_database():
    field = PenceField()
    field.attname = "due_pence"
    with pytest.raises(TypeError, match="never a float"):
        field.get_prep_value(12.5)
