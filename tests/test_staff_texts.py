"""What a refusal says to the staff: never to call their own section.  D03."""

from uketori.refusal_texts import REASON_TEXT
from uketori.rules.refusals import Refusal
from uketori.staff_texts import STAFF_TEXT, for_staff, read_by_staff

OWN_TELEPHONE = ("{contact_section}", "{telephone}")


def sends_to_the_section(sentence: object) -> bool:
    return any(one in str(sentence) for one in OWN_TELEPHONE)


def test_every_refusal_that_says_whom_to_call__says_something_else_to_the_staff() -> None:
    calling = {code for code, text in REASON_TEXT.items() if sends_to_the_section(text)}

    assert calling
    assert calling == set(STAFF_TEXT)
    assert not [code for code, text in STAFF_TEXT.items() if sends_to_the_section(text)]


def test_staff_text__while_the_staff_read__and_not_afterwards() -> None:
    assert for_staff(Refusal.TOO_MANY_CLAIMS) is None
    with read_by_staff():
        told = for_staff(Refusal.TOO_MANY_CLAIMS)
    assert told is STAFF_TEXT[Refusal.TOO_MANY_CLAIMS]
    assert for_staff(Refusal.TOO_MANY_CLAIMS) is None
