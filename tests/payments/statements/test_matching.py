"""Whose money is it: each rule at its edge, and two hundred messy lines at a time."""

from __future__ import annotations

import random
import uuid
from collections import Counter
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from common import references
from payments.statements import matching, names
from payments.statements.finding import Index
from payments.statements.matching import Candidate, Incoming
from tests.payments.statements.corpus import Corpus

DAY = date(2026, 3, 2)
SEEDS = range(10)


def reference(seed: int) -> str:
    body = "".join(random.Random(seed).choices(references.ALPHABET, k=references.LENGTH - 1))
    return body + references._check_sign(body)


def candidate(seed: int = 1, **fields) -> Candidate:
    values = {
        "key": uuid.UUID(int=seed),
        "reference": reference(seed),
        "name": "Jane Smith",
        "names": ("Jane Smith",),
        "wanting_pence": 250_00,
        "is_waiting": True,
        "by_card": False,
        "last_day": DAY + timedelta(days=9),
    }
    return Candidate(**values | fields)


def line(words: str, pence: int = 250_00, *, payer: str = "", on: date = DAY, seed: int = 100) -> Incoming:
    return Incoming(uuid.UUID(int=seed), on, pence, payer, f"{words} {payer}")


def best(of: Incoming, *candidates: Candidate):
    return matching.propose([of], candidates).get(of.key)


# == The corpus ==


@pytest.mark.parametrize("seed", SEEDS)
def test_what_is_ready_is_always_right_and_most_of_the_rest_is_found(seed):
    corpus = Corpus(seed)
    found = matching.propose([truth.line for truth in corpus.truths], corpus.candidates)
    wrong, hits, whose = [], Counter(), [truth for truth in corpus.truths if truth.whose]
    paid = Counter()
    for truth in corpus.truths:
        proposal = found.get(truth.line.key)
        proposed = frozenset(key for key, _pence in proposal.parts) if proposal else frozenset()
        if proposal and proposal.ready:
            paid.update(proposed)
            if proposed != truth.whose:
                wrong.append((truth.how, proposal.why))
        hits[truth.how] += bool(truth.whose) and proposed == truth.whose
    assert wrong == []
    assert max(paid.values()) == 1  # no application's money is ready twice
    assert sum(hits.values()) >= 0.85 * len(whose), hits


def test_the_corpus_has_every_kind_of_mess():
    kinds = Counter(truth.how for seed in SEEDS for truth in Corpus(seed).truths)
    assert len(kinds) == 10
    assert min(kinds.values()) > 20


def test_most_clean_lines_are_ready():
    corpus = Corpus(0)
    found = matching.propose([truth.line for truth in corpus.truths], corpus.candidates)
    clean = [found[truth.line.key].ready for truth in corpus.truths if truth.how == "clean"]
    assert sum(clean) > 0.9 * len(clean)


# == References ==


@pytest.mark.parametrize(
    "form", ["{0}", "{1}-{2}", "{1} {2}", "REF{0}X", "/ROC/{1}-{2}/", "a b {0} c", "{1}–{2}", "{1}.{2}"]
)
@pytest.mark.parametrize("case", [str.upper, str.lower])
def test_a_reference_is_found_however_it_is_written(form, case):
    r = reference(1)
    assert Index([r]).exact(case(form.format(r, r[:3], r[3:]))) == [r]


@given(st.integers(0, 10_000), st.integers(0, 6), st.sampled_from("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"))
def test_one_wrong_sign_is_near_and_never_exact(seed, place, sign):
    r = reference(seed)
    typed = r[:place] + sign + r[place + 1 :]
    index = Index([r])
    assert index.exact(typed) == ([r] if sign == r[place] else [])
    assert index.near(typed) == ([] if sign == r[place] else [r])


@given(st.integers(0, 10_000), st.integers(0, 5))
def test_two_neighbours_the_other_way_round_are_near(seed, place):
    r = reference(seed)
    typed = r[:place] + r[place + 1] + r[place] + r[place + 2 :]
    if typed != r:
        assert Index([r]).near(typed) == [r]


def test_another_whole_reference_is_not_a_wrong_one_of_ours():
    r = reference(1)
    last = next(
        c for c in references.ALPHABET if c != r[5] and references.read(r[:5] + c + references._check_sign(r[:5] + c))
    )
    other = r[:5] + last + references._check_sign(r[:5] + last)
    assert Index([r]).near(other) == []


@given(st.text(max_size=80))
def test_any_words_may_be_looked_through(words):
    index = Index([reference(n) for n in range(20)])
    assert set(index.exact(words)) | set(index.near(words)) <= index.known


# == Ready, or why not ==


def test_reference_and_sum_are_ready():
    proposal = best(line(reference(1)), candidate())
    assert (proposal.ready, proposal.parts, proposal.why) == (
        True, ((uuid.UUID(int=1), 250_00),), "Reference and sum are right.")  # fmt: skip


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"wanting_pence": 249_99}, "£249.99 is due, and this is £250."),
        ({"wanting_pence": 0, "is_waiting": False}, "no longer waits"),
        ({"by_card": True}, "was to be paid by card"),
        ({"last_day": DAY}, "on the last day or later"),
        ({"last_day": DAY - timedelta(days=1)}, "on the last day or later"),
    ],
)
def test_what_is_against_it_makes_it_a_suggestion_with_its_why(changes, words):
    proposal = best(line(reference(1)), candidate(**changes))
    assert not proposal.ready
    assert words in proposal.why


def test_the_second_line_for_the_same_money_is_not_ready():
    one, two = line(reference(1)), line(reference(1), seed=101)
    found = matching.propose([one, two], [candidate()])
    assert [found[key.key].ready for key in (one, two)] == [True, False]
    assert "another line pays the same" in found[two.key].why


def test_one_wrong_sign_is_never_ready():
    r = reference(1)
    typed = r[:3] + ("A" if r[3] != "A" else "B") + r[4:]
    proposal = best(line(typed), candidate())
    assert (proposal.ready, proposal.parts) == (False, ((uuid.UUID(int=1), 250_00),))
    assert references.shown(r) in proposal.why
    assert "name fits" in best(line(typed, 100_00, payer="J SMITH"), candidate()).why
    assert best(line(typed, 100_00), candidate()) is None


def test_a_receipt_by_hand_is_joined_and_not_counted_again():
    by_hand = (uuid.UUID(int=7), 250_00, DAY - timedelta(days=3))
    done = candidate(wanting_pence=0, is_waiting=False, loose=(by_hand,))
    proposal = best(line(reference(1)), done)
    assert (proposal.ready, proposal.recorded) == (True, (uuid.UUID(int=7),))
    half = candidate(loose=(by_hand,))
    assert "which is it?" in best(line(reference(1)), half).why
    far = candidate(wanting_pence=0, is_waiting=False, loose=((uuid.UUID(int=7), 250_00, DAY - timedelta(days=15)),))
    assert not best(line(reference(1)), far).recorded
    twice = candidate(wanting_pence=0, is_waiting=False, loose=(by_hand, (uuid.UUID(int=8), 250_00, DAY)))
    assert not best(line(reference(1)), twice).recorded


def test_two_lines_do_not_both_take_one_receipt_by_hand():
    by_hand = (uuid.UUID(int=7), 250_00, DAY)
    done = candidate(wanting_pence=0, is_waiting=False, loose=(by_hand,))
    lines = [line(reference(1)), line(reference(1), seed=101)]
    found = matching.propose(lines, [done])
    assert [found[one.key].ready for one in lines] == [True, False]


def test_one_transfer_for_two_applications():
    one, two = candidate(1), candidate(2, wanting_pence=100_00)
    words = f"{one.reference} and {two.reference}"
    proposal = best(line(words, 350_00), one, two)
    assert (proposal.ready, dict(proposal.parts)) == (False, {one.key: 250_00, two.key: 100_00})
    assert "do not make up" in best(line(words, 300_00), one, two).why


def test_name_and_sum_are_a_suggestion():
    assert best(line("", payer="MRS JANE SMITH"), candidate()).why == "Name and sum are right."
    assert best(line("", payer="SMITH J A"), candidate()).why == "Surname, initial and sum are right."
    two = best(line("", payer="SMITH J"), candidate(1), candidate(2))
    assert "fit 2 applications" in two.why
    both = best(line("", 350_00, payer="J SMITH"), candidate(1), candidate(2, wanting_pence=100_00))
    assert len(both.parts) == 2
    assert "£250 is due, and this is £20" in best(line("", 20_00, payer="Jane Smith"), candidate()).why
    assert best(line("", 20_00, payer="J Smith"), candidate()) is None


def test_a_sum_alone_is_a_weak_suggestion_and_only_where_it_is_one():
    assert best(line("RAFFLE"), candidate()).strength == 1
    assert best(line("RAFFLE"), candidate(1), candidate(2)) is None


@pytest.mark.parametrize(
    ("at_bank", "applicant", "expected"),
    [
        ("SMITH J", "Jane Smith", names.CLOSE),
        ("MR J A SMITH", "John Arthur Smith", names.CLOSE),
        ("JA SMITH", "John Arthur Smith", names.CLOSE),
        ("Jane Smith & Tom Smith", "Tom Smith", names.WHOLE),
        ("SMITH JANE", "Jane Smith", names.WHOLE),
        ("SIAN OBRIEN", "Siân O’Brien", names.WHOLE),
        ("LLOYD EVANS R", "Ruth Lloyd-Evans", names.CLOSE),
        ("MARG TAYLOR", "Margaret Taylor", names.CLOSE),
        ("MARLPIT TRUST LTD", "The Marlpit Trust Limited", names.WHOLE),
        ("K SMITH", "Jane Smith", names.NONE),
        ("SMITHSON J", "Jane Smith", names.NONE),
        ("J JONES", "Jane Smith", names.NONE),
        ("SMITH", "Jane Smith", names.NONE),
        ("", "Jane Smith", names.NONE),
        ("JANE", "", names.NONE),
    ],
)
def test_names(at_bank, applicant, expected):
    assert names.alike(at_bank, applicant) == expected
