"""Where a person went whose session ended because the address moved from another one.  D03, D04.

A form that comes from the old session is not done, as after any session's end; what was typed is
kept at the address to which the same mailbox's owner moved, and shown once that is proved.
"""

from uketori.intermediaries.models import AddressChange, MailAddress, MailProof


def address_after_move(proof: MailProof) -> MailAddress | None:
    """Return the address to which whoever held this session moved, and again moved since.

    None if the session ended in another way: logging out ends the trust in a browser, and whom the
    staff moved need not be who typed.
    """
    if proof.ended_at is None or proof.mail_address is None:
        return None
    moves = AddressChange.objects.filter(bureau=proof.bureau, claim=None)
    move = moves.filter(mail_address=proof.mail_address, spent_at=proof.ended_at).first()
    address = None
    while move is not None:
        address = MailAddress.objects.get(bureau=proof.bureau, address=move.new_address)
        later = moves.filter(mail_address=address, spent_at__gt=move.spent_at)
        move = later.order_by("spent_at").first()
    return address
