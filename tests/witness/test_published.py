"""What the specification gives as examples of its requests and answers is read as it means them."""

from __future__ import annotations

import pytest

from app.transparency.notes import parse, parse_checkpoint
from app.transparency.witnessing import CosigningRefusedError, authentic, checkpoint_request, read_request, size_told

EXAMPLE = """\
old 20852014
PlRNCrwHpqhGrupue0L7gxbjbMiKA9temvuZZDDpkaw=
jrJZDmY8Y7SyJE0MWLpLozkIVMSMZcD5kvuKxPC3swk=
5+pKlUdi2LeF/BcMHBn+Ku6yhPGNCswZZD1X/6QgPd8=
/6WVhPs2CwSsb5rYBH5cjHV/wSmA79abXAwhXw3Kj/0=

example.com/behind-the-sofa
20852163
CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=

— example.com/behind-the-sofa Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=
— example.com/behind-the-sofa opLqBQsREYCgu6xQkYQwJr9fo45a62DN9EdmHXnZdXNqlcVGlCum2Wks+49/V6267UEjw6QUXTS5Rovnzv++qbSzm9Q=
"""
"""C2SP, tlog-witness.md."""


def test_the_request_of_the_specification_is_read_and_written_alike():
    found = read_request(EXAMPLE.encode())
    assert (found.old, len(found.proof)) == (20852014, 4)
    assert parse_checkpoint(parse(found.note).text).size == 20852163
    assert checkpoint_request(found.old, found.proof, found.note) == EXAMPLE
    with pytest.raises(CosigningRefusedError) as refused:
        authentic(found, {})
    assert refused.value.status == 404


@pytest.mark.parametrize(
    ("body", "size"), [("20852163\n", 20852163), ("0\n", 0), ("7", 7), ("", None), ("07\n", None), ("7\n\n", None)]
)
def test_the_size_of_a_409_is_a_decimal_and_a_line_break(body, size):
    assert size_told(body) == size
