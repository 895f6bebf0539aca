"""``uketori banner``: the bureau's emergency sentence, set, cleared or shown.

Import it after Django's set-up.
"""

import re
import unicodedata
from collections.abc import Iterator
from datetime import datetime

from uketori import japanese
from uketori.bureaus.banners import clear_banner, set_banner, standing_banner
from uketori.bureaus.models import LONGEST_BANNER
from uketori.config.answers import policy_of
from uketori.config.arguments import CannotRun

ACTOR = "system:banner"
UNSEEN = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
"""What no text of people holds: controls, marks of direction, half a sign, other line breaks."""
MANY_BREAKS = re.compile(r"\n{2,}")


def banner_lines(
    bureau: str, text: str | None, at: datetime, *, clear: bool = False
) -> Iterator[str]:
    """Do what is asked and yield what then is so.  Raises ``CannotRun``."""
    policy = policy_of(bureau, at.date())
    if clear and text is not None:
        message = "お知らせの文と --clear は、いっしょには使えません。"
        raise CannotRun(message)
    if clear:
        cleared = clear_banner(bureau=bureau, actor=ACTOR, at=at)
        yield "お知らせを消しました。" if cleared else "いま出ているお知らせはありません。"
        return
    if text is not None:
        set_banner(bureau=bureau, text=_clean(text), actor=ACTOR, at=at)
    banner = standing_banner(bureau)
    if banner is None:
        yield "いま出ているお知らせはありません。"
        return
    moment = japanese.moment_words(banner.set_at, policy.tz, year=True)
    yield f"{policy.bureau_name}のすべての画面と、これから送るメールに出ています（{moment}から）："
    yield banner.text


def _clean(text: str) -> str:
    """Return the text as it will be shown.  Raises ``CannotRun``."""
    cleaned = MANY_BREAKS.sub("\n", text.replace("\r\n", "\n").replace("\\n", "\n")).strip()
    if not cleaned:
        message = "お知らせの文がありません。消すときは --clear を使ってください。"
        raise CannotRun(message)
    if any(unicodedata.category(sign) in UNSEEN and sign != "\n" for sign in cleaned):
        message = "お知らせに、見えない文字（制御文字）が入っています。"
        raise CannotRun(message)
    if len(cleaned) > LONGEST_BANNER:
        message = f"お知らせは{LONGEST_BANNER}文字までです（いまは{len(cleaned)}文字です）。"
        raise CannotRun(message)
    return cleaned
