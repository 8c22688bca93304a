"""Certificates in a third of a millisecond or so: the sheet is laid out once, and each holder's words are put in.

What is the same for many certificates (society, wording, class of share, the sizes of type) makes a blank; WeasyPrint
lays it out with a mark in each place. Whatever does not fit its line, or has letters that our fonts do not have, is
not stamped: `stamped` says None and the certificate is laid out whole.
"""

from __future__ import annotations

import functools
import json

from django.utils.translation import override

from common.print_run import Leaf
from common.stamping import Blank, CannotStamp
from common.typesetting import CannotSet, ours
from compliance import certificate_file

# What differs from one certificate to the next, and what stands for it on the blank.
MARKS = {
    "number": "¤n¤",
    "shares_figures": "¤f¤",
    "shares_words": "¤w¤",
    "value_figures": "¤v¤",
    "value_words": "¤p¤",
    "holder_names": "¤h¤",
    "holder_address": "¤a¤",
    "issued_on": "¤d¤",
    "member_number": "¤m¤",
    "entries": "¤e¤",
    "seal": "¤s¤",
    "in_place_of": "¤i¤",
}
OPTIONAL = ("holder_address", "seal", "in_place_of")  # not on every certificate
TOKEN = "Toad-Lane-stands-in-its-place"
SAME = ("society", "legal", "society_size", "colours", "number_size", "shares_size", "holder_size", "is_joint",
        "share_class", "wording_template", "address_size", "address_start")  # fmt: skip
BLANKS = 32  # kept in a process: a hundred kilobytes each, and as much again while one is used
# A file holds the fonts of its blank, so there are two: with these letters, and with all that our fonts have.
PLAIN = frozenset(map(chr, range(0x20, 0x7F))) | frozenset("£€·–’")


def stamped(said: dict, facts: dict, *, identifier: bytes) -> bytes | None:
    """The PDF of a certificate, or None where it has to be laid out whole."""
    blank = blank_of(said)
    if blank is None:
        return None
    own = {name: item.data for name, item in certificate_file.own_parts(said, facts).items()}
    code = certificate_file.code_of(said)
    try:
        return blank.file(said, code, link=said["token"], objects=own, identifier=identifier)
    except CannotSet:
        return None


def to_print(said: dict) -> tuple[Leaf, list[bytes]] | None:
    """The certificate as a page of a print run, or None where it has to be laid out whole."""
    blank = blank_of(said)
    if blank is None:
        return None
    try:
        return blank.leaf, blank.to_print(said, certificate_file.code_of(said))
    except CannotSet:
        return None


def blank_of(said: dict) -> Blank | None:
    """The blank for certificates that share everything but the words in MARKS; None where there can be none."""
    same = {name: said[name] for name in SAME}
    plain = PLAIN.issuperset("".join([said[name] for name in MARKS]))
    lacking = tuple(name for name in OPTIONAL if not said[name])
    return _blank(json.dumps(same, sort_keys=True), len(said["token"]), lacking, plain)


@functools.lru_cache(maxsize=BLANKS)
def _blank(same: str, token_length: int, lacking: tuple[str, ...], plain: bool) -> Blank | None:
    marks = MARKS | {"token": TOKEN.ljust(token_length, "-")[:token_length]}
    said = json.loads(same) | marks | {"issued_day": "2000-01-01"}
    said["address"] = said["address_start"] + said["token"] + "/"
    for name in lacking:
        said[name] = marks.pop(name) and ""
    with override("en-gb"):
        document = certificate_file.lay_out(said)
        if len(document.pages) > 1:
            return None
        try:
            return Blank(
                document,
                marks=marks,
                code=certificate_file.code_of(said),
                link=said["token"],
                letters=PLAIN if plain else ours(),
                finisher=lambda tree: certificate_file.finish(tree, said, {}),
            )
        except CannotStamp:
            return None
