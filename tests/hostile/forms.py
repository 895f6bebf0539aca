"""Every form of the site.  A form that is not here fails ``test_table``.

What a hostile or broken browser may put into it stands in ``tests.hostile.requests``; the tests
multiply the two.
"""

from tests.hostile import forms_of_people, forms_of_reservations
from tests.hostile.form import Form

FORMS = [*forms_of_people.FORMS, *forms_of_reservations.FORMS]
NOT_YET = {
    "bureaus:eligibility": "keeps three codes of closed lists in the cookie; has tests of its own",
    "claim_requests:new": "has tests of its own",
    "claim_requests:answer": "has tests of its own",
    "holders:removal": "takes no field; has tests of its own",
    "holders:renewal": "has tests of its own",
    "my_data:address": "has tests of its own",
    "my_data:address_code": "has tests of its own",
    "my_data:address_link": "has tests of its own",
}
"""Forms that take a POST and are not attacked here yet."""


def form_named(name: str) -> Form:
    """Return the form of this name."""
    return next(one for one in FORMS if one.name == name)
