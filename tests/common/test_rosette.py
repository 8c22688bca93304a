"""The rosette: each society its own, always the same, light enough for every page."""

import gzip
import hashlib
from xml.etree import ElementTree

import pytest
from django.template import Context, Template

from common.rosette import rosette_svg

NUMBERS = [f"RS{number:06}" for number in range(300)]


@pytest.mark.parametrize("size", [48, 96])
def test_each_society_has_its_own(size):
    assert len({rosette_svg(number, size=size) for number in NUMBERS}) == len(NUMBERS)


def test_it_is_the_same_on_every_machine():
    # Certificates already printed show these lines: change the drawing only with a new name beside the old one.
    seen = hashlib.sha256(rosette_svg("RS007842", size=420).encode()).hexdigest()
    assert seen == "15d07927e34a78e68861a99b1a1911b25b3e649106bb9af98ba3091cbef8bca8"


def test_case_and_outer_spaces_of_the_number_do_not_matter():
    assert rosette_svg(" rs007842 ", size=48) == rosette_svg("RS007842", size=48)


@pytest.mark.parametrize(("size", "most"), [(48, 2_500), (96, 5_000), (420, 5_300)])
def test_it_is_light(size, most):
    assert max(len(gzip.compress(rosette_svg(number, size=size).encode(), 6)) for number in NUMBERS) <= most


@pytest.mark.parametrize("size", [24, 72, 73, 200, 201, 600])
def test_it_is_an_ornament_without_ids_or_styles(size):
    drawing = ElementTree.fromstring(rosette_svg("RS007842", size=size))
    assert (drawing.get("width"), drawing.get("height"), drawing.get("aria-hidden")) == (str(size), str(size), "true")
    assert {attribute for node in drawing.iter() for attribute in node.attrib}.isdisjoint({"id", "style", "onload"})


@pytest.mark.parametrize("size", [48, 420])
def test_no_line_leaves_the_box(size):
    for number in NUMBERS[:40]:
        for path in ElementTree.fromstring(rosette_svg(number, size=size)):
            start = path.get("d").split("c")[0][1:].split()
            assert max(abs(int(part)) for part in start) <= 500


def test_a_colour_cannot_break_out_of_its_attribute():
    assert 'stroke="&quot;&gt;' in rosette_svg("RS1", size=48, colour='">')


def test_the_tag_draws_it_and_survives_a_missing_number():
    page = Template("{% rosette number 48 %}{% rosette nothing %}").render(Context({"number": "RS007842"}))
    assert page == rosette_svg("RS007842", size=48) + rosette_svg("", size=48)
