"""Every form is sent as in service: no transaction of the test hides one that the act forgot.

PostgreSQL refuses ``SELECT … FOR UPDATE`` outside of a transaction; SQLite knows no such words.
"""

import pytest

from tests.hostile import requests
from tests.hostile.form import Form
from tests.hostile.forms import FORMS
from tests.hostile.requests import Sent, encoded
from tests.hostile.trial import send
from tests.hostile.world import World

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("every_form_is_offered"),
]


@pytest.mark.parametrize("form", FORMS, ids=str)
def test_right_form__without_a_transaction_around_it__is_accepted(world: World, form: Form) -> None:
    typed = form.typed(world)
    sent = requests.multipart(typed) if form.multipart else Sent(encoded(typed))

    assert send(form.client(world), form.path(world), sent).status_code == 302
