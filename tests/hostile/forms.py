"""Every form of the site.  A form that is not here fails ``test_table``.

What a hostile or broken browser may put into it stands in ``tests.hostile.requests``; the tests
multiply the two.
"""

from tests.hostile import forms_of_my_data, forms_of_people, forms_of_reservations
from tests.hostile.form import Form

FORMS = [*forms_of_people.FORMS, *forms_of_my_data.FORMS, *forms_of_reservations.FORMS]


def form_named(name: str) -> Form:
    """Return the form of this name."""
    return next(one for one in FORMS if one.name == name)
