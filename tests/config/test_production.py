"""A site of production does not start while something of its safety is missing, and says what."""

import os
import stat
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured

from uketori.config.production import networks_of, refuse_unsafe_site, refuse_weak_secret

SECRET = "pSHk2vq7c9WnXy4bTfRz6mLd8JgA5eQu"  # noqa: S105 - invented here, of 32 signs
SOUND = {
    "UKETORI_SECRET_KEY": SECRET,
    "UKETORI_SITE_URL": "https://uketori.example.jp",
    "UKETORI_HOSTS": "uketori.example.jp",
    "UKETORI_TRUSTED_PROXIES": "127.0.0.1, 10.0.0.0/8",
    "UKETORI_MAIL_HOST": "relay.example.jp",
}


def uketori(var: Path, *arguments: str, **told: str | None) -> subprocess.CompletedProcess[str]:
    """Run a command as an operator does, in production."""
    ours = {name: value for name, value in os.environ.items() if not name.startswith("UKETORI_")}
    ours.pop("DJANGO_SETTINGS_MODULE", None)
    given = {name: value for name, value in {**SOUND, **told}.items() if value is not None}
    return subprocess.run(  # noqa: S603 - our own program
        [sys.executable, "-m", "uketori.cli", *arguments],
        env={**ours, **given, "UKETORI_VAR": str(var)},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


@pytest.mark.parametrize(
    ("command", "setting", "wrong", "said"),
    [
        ("serve", "UKETORI_SECRET_KEY", "x", "UKETORI_SECRET_KEY は短すぎる"),
        ("worker", "UKETORI_SECRET_KEY", "x", "UKETORI_SECRET_KEY は短すぎる"),
        ("serve", "UKETORI_FORMER_SECRET_KEYS", "x", "UKETORI_FORMER_SECRET_KEYS は短すぎる"),
        ("serve", "UKETORI_SITE_URL", None, "UKETORI_SITE_URL がありません"),
        ("worker", "UKETORI_SITE_URL", None, "UKETORI_SITE_URL がありません"),
        ("serve", "UKETORI_HOSTS", None, "UKETORI_HOSTS に"),
        ("serve", "UKETORI_TRUSTED_PROXIES", None, "UKETORI_TRUSTED_PROXIES がありません"),
        ("serve", "UKETORI_MAIL_HOST", None, "UKETORI_MAIL_HOST がありません"),
        ("worker", "UKETORI_MAIL_HOST", None, "UKETORI_MAIL_HOST がありません"),
        ("setup", "UKETORI_TRUSTED_PROXIES", "nginx", "UKETORI_TRUSTED_PROXIES の「nginx」"),
    ],
)
def test_start__something_missing__one_line_and_no_start(
    tmp_path: Path, command: str, setting: str, wrong: str | None, said: str
) -> None:
    done = uketori(tmp_path, command, **{setting: wrong})

    assert done.returncode == 2
    assert said in done.stderr
    assert len(done.stderr.splitlines()) == 1


@pytest.mark.parametrize("command", [("setup",), ("calendar", "osaka")])
def test_start__what_serves_nobody__needs_none_of_it(
    tmp_path: Path, command: tuple[str, ...]
) -> None:
    """Tables can be made before the proxy stands; nothing is signed there."""
    assert uketori(tmp_path, "setup").returncode == 0

    done = uketori(tmp_path, *command, **dict.fromkeys(SOUND))

    assert (done.returncode, done.stderr) == (0, "")


def test_files__of_tables_key_and_mails__are_nobody_else_s(tmp_path: Path) -> None:
    """Also those that were made before, readable to everybody."""
    old = [tmp_path / "secret", tmp_path / "mailbox" / "1.eml", tmp_path / "uketori.sqlite3"]
    (tmp_path / "mailbox").mkdir()
    for file in old:
        file.touch(mode=0o644)
    new = tmp_path / "elsewhere"

    assert uketori(tmp_path, "setup").returncode == 0
    assert uketori(new, "setup").returncode == 0

    for file in [*old, new / "uketori.sqlite3"]:
        assert stat.S_IMODE(file.stat().st_mode) == 0o600, file
    assert stat.S_IMODE(new.stat().st_mode) == 0o700


@pytest.mark.parametrize(
    ("secret", "said"),
    [
        ("", "短すぎる"),
        (SECRET[:31], "短すぎる"),
        ("abcdefg" * 8, "同じ文字ばかり"),
        ("a secret of the benchmarks only, and longer", "知られている鍵"),
        (f"django-insecure-{SECRET}", "知られている鍵"),
        (f"ChangeMe-{SECRET}", "知られている鍵"),
    ],
)
def test_secret__short_or_known__refused_without_being_repeated(secret: str, said: str) -> None:
    with pytest.raises(ImproperlyConfigured, match=said) as refused:
        refuse_weak_secret("UKETORI_SECRET_KEY", secret)

    assert not secret or secret not in str(refused.value)


@pytest.mark.parametrize("secret", [SECRET, "0123456789abcdef" * 2])
def test_secret__of_32_signs__accepted(secret: str) -> None:
    refuse_weak_secret("UKETORI_SECRET_KEY", secret)


def site(settings: Any, **told: object) -> Any:
    settings.DEVELOPMENT = False
    settings.SITE_URL = "https://uketori.example.jp"
    settings.ALLOWED_HOSTS = ["uketori.example.jp"]
    settings.TRUSTED_PROXIES = ("127.0.0.1",)
    settings.EMAIL_HOST, settings.EMAIL_PORT = "relay.example.jp", 25
    for name, value in told.items():
        setattr(settings, name, value)
    return settings


@pytest.mark.parametrize(
    "told",
    [
        {},
        {"SITE_URL": "https://uketori.example.jp:8443"},
        {"ALLOWED_HOSTS": [".example.jp"]},
        {"EMAIL_HOST": "127.0.0.1"},
        {"DEVELOPMENT": True, "SITE_URL": "http://localhost:8000", "TRUSTED_PROXIES": ()},
    ],
)
def test_site__all_is_told__starts(settings: Any, told: dict[str, object]) -> None:
    refuse_unsafe_site(site(settings, **told))


@pytest.mark.parametrize(
    ("told", "said"),
    [
        ({"SITE_URL": "http://localhost:8000"}, "UKETORI_SITE_URL がありません"),
        ({"SITE_URL": "http://uketori.example.jp"}, "https:// とサーバーの名前だけ"),
        ({"SITE_URL": "https://uketori.example.jp/osaka"}, "https:// とサーバーの名前だけ"),
        ({"SITE_URL": "https:"}, "https:// とサーバーの名前だけ"),
        ({"ALLOWED_HOSTS": ["example.jp"]}, "UKETORI_HOSTS に"),
        ({"TRUSTED_PROXIES": ()}, "UKETORI_TRUSTED_PROXIES がありません"),
        ({"EMAIL_HOST": "127.0.0.1", "EMAIL_PORT": 1025}, "UKETORI_MAIL_HOST がありません"),
        ({"EMAIL_HOST": ""}, "UKETORI_MAIL_HOST がありません"),
        ({"TRUSTED_PROXIES": ("0.0.0.0/0",)}, "すべてのアドレスが指定されています"),
        ({"EMAIL_PORT": 0}, "UKETORI_MAIL_HOST がありません"),
    ],
)
def test_site__something_missing__refused(
    settings: Any, told: dict[str, object], said: str
) -> None:
    with pytest.raises(ImproperlyConfigured, match=said):
        refuse_unsafe_site(site(settings, **told))


def test_site__nothing_is_told__each_lack_has_its_line(settings: Any) -> None:
    bare = site(settings, SITE_URL="http://localhost:8000", TRUSTED_PROXIES=())
    bare.EMAIL_HOST, bare.EMAIL_PORT = "127.0.0.1", 1025

    with pytest.raises(ImproperlyConfigured) as refused:
        refuse_unsafe_site(bare)

    assert [line.split()[0] for line in str(refused.value).splitlines()] == [
        "UKETORI_SITE_URL",
        "UKETORI_TRUSTED_PROXIES",
        "UKETORI_MAIL_HOST",
    ]


def test_proxies__blanks_and_networks__read() -> None:
    assert networks_of("X", " 127.0.0.1, 10.0.0.0/8 ,, ::1") == ("127.0.0.1", "10.0.0.0/8", "::1")
