"""What a first visit fetches: few files, few bytes, and a sentence for whoever lists the page."""

import html
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.test import Client

from tests.answers import Answer
from tests.collected import collected_static_files
from tests.every_bureau.bureaus import CODES, FOLDER, foreign_words, policy_of
from uketori import clock
from uketori.bureaus.first_rows import prepare

pytestmark = pytest.mark.django_db

MOST_REQUESTS = 6
MOST_BYTES = 40_000
PUBLIC = ["", "notice", "eligibility", "privacy", "accessibility", "entry"]
LINKED = re.compile(r'(?:<link [^>]*href|<script [^>]*src|<img [^>]*src)="([^"]+)"')
BROWSER = {"accept-encoding": "gzip, deflate, br, zstd"}


@pytest.fixture
def both(settings: pytest.FixtureRequest) -> None:
    """Osaka and みなと, with their notices and hours."""
    settings.BUREAUS_FOLDER = str(FOLDER)  # type: ignore[attr-defined]
    prepare(clock.now())


@pytest.fixture(scope="module")
def collected(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    with collected_static_files(tmp_path_factory.mktemp("static")) as folder:
        yield folder


def bytes_on_the_line(answer: Answer) -> int:
    assert answer.status_code == 200
    head = sum(len(f"{name}: {value}\r\n") for name, value in answer.headers.items())
    return head + len(answer.getvalue())


def fetched(client: Client, address: str) -> dict[str, int]:
    """The page and all that it links to, by address, with the bytes of each."""
    page = client.get(address, headers=BROWSER)
    text = client.get(address).content.decode()
    linked = sorted(set(LINKED.findall(text)))
    return {address: bytes_on_the_line(page)} | {
        one: bytes_on_the_line(client.get(one, headers=BROWSER)) for one in linked
    }


@pytest.mark.usefixtures("both", "collected")
@pytest.mark.parametrize("page", PUBLIC)
@pytest.mark.parametrize("code", CODES)
def test_first_visit__few_requests_and_few_bytes(code: str, page: str) -> None:
    found = fetched(Client(), f"/{code}/{page}")

    assert any(address.endswith(".css") for address in found)
    assert not any("staff" in address for address in found)
    assert len(found) <= MOST_REQUESTS, found
    assert sum(found.values()) <= MOST_BYTES, found


@pytest.mark.usefixtures("both")
@pytest.mark.parametrize("encoding", ["gzip", "br", ""])
def test_page__compressed_for_whoever_reads_it(encoding: str) -> None:
    answer = Client().get("/osaka/", headers={"accept-encoding": encoding})

    assert answer.headers.get("Content-Encoding", "") == ("gzip" if encoding == "gzip" else "")
    assert "Accept-Encoding" in answer.headers["Vary"]


def description(address: str) -> str:
    found = re.findall(
        r'<meta name="description" content="([^"]*)">', Client().get(address).content.decode()
    )
    assert len(found) == 1, address
    return html.unescape(found[0])


@pytest.mark.usefixtures("both")
@pytest.mark.parametrize("code", CODES)
def test_description__one_a_page_that_names_the_bureau(code: str) -> None:
    told = [description(f"/{code}/{page}") for page in PUBLIC]

    assert len(set(told)) == len(PUBLIC)
    for sentence in told:
        assert policy_of(code).bureau_name in sentence
        assert 30 <= len(sentence) <= 120, "what a list of results shows"
        assert foreign_words(sentence, code) == []


@pytest.mark.usefixtures("both")
def test_description__of_no_bureau() -> None:
    assert "申請等取次者の方が予約するページ" in description("/")
