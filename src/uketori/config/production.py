"""What a site of production must be told before it starts; each lack has its own sentence."""

from collections.abc import Collection, Iterator
from ipaddress import ip_network
from urllib.parse import urlsplit

from django.conf import LazySettings
from django.core.exceptions import ImproperlyConfigured
from django.http.request import validate_host

DEFAULT_SITE_URL = "http://localhost:8000"
"""Of development; whoever reads it in a mail finds nothing there."""
DEFAULT_MAIL_SERVER = ("127.0.0.1", 1025)
"""Where development catches mails; elsewhere nobody listens there, and no link would arrive."""
SHORTEST_SECRET = 32
"""Signs: 128 bits written in hexadecimal."""
FEWEST_SIGNS = 8
"""Different ones; of 32 random hexadecimal digits about fourteen differ."""
KNOWN_SECRETS = ("a secret of the", "django-insecure-", "changeme", "change-me")
"""How the keys begin that stand in public code: of our tests and benchmarks, of Django's start."""
A_NEW_ONE = 'python3 -c "import secrets; print(secrets.token_urlsafe(48))"'


def refuse_weak_secret(name: str, secret: str) -> None:
    """Refuse a key that can be guessed: whoever knows it signs in as anybody.

    Raises ``ImproperlyConfigured``, without the key.
    """
    is_known = secret.lower().startswith(KNOWN_SECRETS)
    if not is_known and len(secret) >= SHORTEST_SECRET and len(set(secret)) >= FEWEST_SIGNS:
        return
    why = "知られている鍵です" if is_known else "短すぎるか、同じ文字ばかりです"
    message = (
        f"{name} は{why}。{SHORTEST_SECRET}文字以上の、ほかでは使っていない鍵にしてください"
        f"（例：{A_NEW_ONE}）。"
    )
    raise ImproperlyConfigured(message)


def networks_of(name: str, text: str) -> tuple[str, ...]:
    """Return the addresses and networks of a list.  Raises ``ImproperlyConfigured``."""
    listed = tuple(filter(None, (one.strip() for one in text.split(","))))
    for one in listed:
        try:
            ip_network(one)
        except ValueError:
            message = (
                f"{name} の「{one}」は、IPアドレスやネットワークではありません（例：10.0.0.0/8）。"
            )
            raise ImproperlyConfigured(message) from None
    return listed


def refuse_unsafe_site(settings: LazySettings) -> None:
    """Refuse to serve a site of production that nobody could reach, or only without encryption.

    Not where settings are read: ``setup`` and the commands that only answer need nothing of it.
    Raises ``ImproperlyConfigured`` with a line for each lack.
    """
    if settings.DEVELOPMENT:
        return
    lacks = list(_lacks_of_address(settings.SITE_URL, settings.ALLOWED_HOSTS))
    if not settings.TRUSTED_PROXIES:
        lacks.append(NO_PROXY)
    if any(ip_network(proxy).prefixlen == 0 for proxy in settings.TRUSTED_PROXIES):
        lacks.append(EVERYBODY_IS_NO_PROXY)
    mail_server = (settings.EMAIL_HOST, settings.EMAIL_PORT)
    if mail_server == DEFAULT_MAIL_SERVER or not all(mail_server):
        lacks.append(NO_MAIL_SERVER)
    if lacks:
        raise ImproperlyConfigured("\n".join(lacks))


NO_ADDRESS = (
    "UKETORI_SITE_URL がありません。メールのリンクに使うサイトのアドレス"
    "（https://… の形）を指定してください。"
)
NO_PROXY = (
    "UKETORI_TRUSTED_PROXIES がありません。このサーバーは暗号化しない HTTP で待ち受けます。"
    "前に置く HTTPS の中継サーバーのIPアドレス（同じ機械なら 127.0.0.1）を指定してください。"
)

EVERYBODY_IS_NO_PROXY = (
    "UKETORI_TRUSTED_PROXIES にすべてのアドレスが指定されています。だれの X-Forwarded-For も"
    "信じることになります。前に置く中継サーバーのIPアドレスだけを指定してください。"
)
NO_MAIL_SERVER = (
    "UKETORI_MAIL_HOST がありません。予約のリンクや確認のメールを送るメールサーバーを"
    "指定してください（ポートは UKETORI_MAIL_PORT）。"
)


def _lacks_of_address(site_url: str, hosts: Collection[str]) -> Iterator[str]:
    parts = urlsplit(site_url)
    if site_url == DEFAULT_SITE_URL:
        yield NO_ADDRESS
    elif parts.scheme != "https" or not parts.hostname or f"https://{parts.netloc}" != site_url:
        yield (
            "UKETORI_SITE_URL は https:// とサーバーの名前だけにしてください"
            f"（いまは {site_url}）。"
        )
    elif not validate_host(parts.hostname, hosts):
        yield (
            f"UKETORI_HOSTS に、UKETORI_SITE_URL のサーバーの名前 {parts.hostname} を"
            "入れてください。入っていないと、どのページも開けません。"
        )
