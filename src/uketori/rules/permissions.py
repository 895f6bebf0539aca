"""Who of the staff may do what, as one table.  b.10 of the requirements.

A role holds everything that the role before it holds.
"""

from enum import StrEnum


class Role(StrEnum):
    """The posts at a bureau, from the narrowest to the widest."""

    CLERK = "clerk"
    SUPERVISOR = "supervisor"
    ADMINISTRATOR = "administrator"


class Act(StrEnum):
    """What a member of staff does; each page and each form names exactly one."""

    # the counter's day
    SEE_BOARD = "see_board"
    FIND_RESERVATION = "find_reservation"
    OPEN_RESERVATION = "open_reservation"
    CHECK_IN = "check_in"
    PROVE_CERTIFICATE = "prove_certificate"
    RECORD_OUTCOME = "record_outcome"
    RECORD_ENDING = "record_ending"
    """Late, absent when called, no-show, and taking such a mark back on the same day."""
    # ahead of the day
    SEE_PREPARATION = "see_preparation"
    EXPORT_PREPARATION = "export_preparation"
    MARK_AHEAD = "mark_ahead"
    TAKE_OUT = "take_out"
    """A case that is none of this counter's; with the last one the reservation goes.  R-32"""
    # the telephone
    RECORD_CALL = "record_call"
    STRIKE_CALL = "strike_call"
    """One's own on the same day, when it was noted by mistake.  4(2)"""
    CANCEL_FOR = "cancel_for"
    CHANGE_FOR = "change_for"
    BOOK_FOR = "book_for"
    SEE_MAILS = "see_mails"
    RESEND_MAIL = "resend_mail"
    # what touches another's rights
    SETTLE_CLAIMS = "settle_claims"
    MOVE_ADDRESS = "move_address"
    """To another mail address, for whoever called: bookings go from one mailbox to another.  D03"""
    CORRECT_PAST_OUTCOME = "correct_past_outcome"
    STRIKE_OTHERS_CALL = "strike_others_call"
    """A call that a colleague noted, or that was noted on an earlier day."""
    CANCEL_BY_BUREAU = "cancel_by_bureau"
    """For the bureau's own reasons; never counted against the person.  R-42"""
    # the house
    MANAGE_STAFF = "manage_staff"


_CLERK = frozenset(
    {
        Act.SEE_BOARD,
        Act.FIND_RESERVATION,
        Act.OPEN_RESERVATION,
        Act.CHECK_IN,
        Act.PROVE_CERTIFICATE,
        Act.RECORD_OUTCOME,
        Act.RECORD_ENDING,
        Act.SEE_PREPARATION,
        Act.EXPORT_PREPARATION,
        Act.MARK_AHEAD,
        Act.TAKE_OUT,
        Act.RECORD_CALL,
        Act.STRIKE_CALL,
        Act.CANCEL_FOR,
        Act.CHANGE_FOR,
        Act.BOOK_FOR,
        Act.SEE_MAILS,
        Act.RESEND_MAIL,
    }
)
_SUPERVISOR = _CLERK | {
    Act.SETTLE_CLAIMS,
    Act.MOVE_ADDRESS,
    Act.CORRECT_PAST_OUTCOME,
    Act.STRIKE_OTHERS_CALL,
    Act.CANCEL_BY_BUREAU,
}
_ADMINISTRATOR = _SUPERVISOR | {Act.MANAGE_STAFF}

ACTS: dict[Role, frozenset[Act]] = {
    Role.CLERK: _CLERK,
    Role.SUPERVISOR: _SUPERVISOR,
    Role.ADMINISTRATOR: _ADMINISTRATOR,
}
"""The whole table; tests multiply it with every address of the staff's side."""


def may(role: Role | None, act: Act) -> bool:
    """Tell whether somebody of this role may do this; nobody without a role may do anything."""
    return role is not None and act in ACTS[role]
