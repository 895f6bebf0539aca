"""Every form of the staff is sent as in service: no transaction of the test hides a forgotten one.

PostgreSQL refuses ``SELECT … FOR UPDATE`` outside of a transaction; SQLite knows no such words.
"""

import pytest

from tests import factories
from tests.situations import AtMoment, staff_client
from tests.staff import walking
from tests.staff.test_permissions import SENT, path_of, samples
from tests.staff.walking import OF_THE_STAFF, PAGES, TEN_TWENTY, addresses, sendings
from uketori.rules.permissions import Role

__all__ = ["samples"]

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _in_the_hour(at_moment: AtMoment) -> None:
    at_moment(TEN_TWENTY)
    factories.first_notice()


def test_every_form__without_a_transaction_around_it__is_answered(samples: dict[str, str]) -> None:
    """The client raises what would be a 500."""
    client = staff_client(Role.ADMINISTRATOR)
    answers = {}
    for page in addresses(PAGES, walking.samples(samples)):
        shown = client.get(page)
        if shown.headers.get("Content-Type", "").startswith("text/html"):
            for one in sendings(page, shown.content.decode()):
                answers[one.pattern] = one.send(client).status_code

    assert set(answers.values()) <= {200, 204, 302, 404, 409, 422}
    assert 302 in answers.values()


@pytest.mark.parametrize(
    "pattern", sorted(one for one in OF_THE_STAFF if "<slug:bureau>" not in one)
)
def test_form_of_one_s_own_account__without_a_transaction_around_it__is_answered(
    pattern: str, samples: dict[str, str]
) -> None:
    client = staff_client(Role.ADMINISTRATOR)

    answer = client.post(path_of(pattern, {**samples, "int:pk": "1"}), SENT)

    assert answer.status_code in {200, 302, 403, 404, 405}
