"""``uketori policy <bureau> --preview``: what a coming policy file changes, and from when.  R-02.

Import it after Django's set-up.  Nothing is written.
"""

import json
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, fields
from datetime import datetime
from itertools import pairwise
from typing import Any

from uketori import japanese
from uketori.bureaus.policies import policies_of, policy_in_force
from uketori.config.answers import policy_of
from uketori.config.policy_words import label_of, plain, words_of
from uketori.reservations.models import Reservation
from uketori.rules.policy import BureauPolicy

JUMP = 1.5
"""A capacity that grows or falls by this factor or more asks for another number of clerks."""
LIMITS = {
    *("window_open_days", "max_slots_in_window", "max_cases_per_slot", "draft_days"),
    *("link_ttl_minutes", "session_idle_minutes", "staff_idle_minutes"),
    "max_live_links_per_address",
    *("max_open_claims", "max_certificates_per_address", "number_max_length"),
    "max_certificate_numbers_per_address_a_day",
    *("max_wrong_codes", "max_wrong_codes_per_address_a_day", "max_mails_per_network_an_hour"),
}
"""Whoever used what was allowed before is refused when one of these shrinks."""
CAPACITIES = {"capacity_reservations", "capacity_cases"}
OFFERS = {"application_types", "certificate_kinds", "intermediary_kinds", "categories"}


@dataclass(frozen=True)
class Changed:
    """One key, before and after, and what to mind."""

    key: str
    old: Any
    new: Any
    warning: str


def preview_lines(bureau: str, at: datetime, *, as_json: bool) -> Iterator[str]:
    """Yield what each coming file changes, key by key.  Raises ``CannotRun``."""
    policy_of(bureau, at.date())
    in_force = policy_in_force(bureau, at)
    coming = [one for one in policies_of(bureau) if one.effective_from > in_force.effective_from]
    if not coming and not as_json:
        yield "予定された変更はありません。"
    tell = _objects if as_json else _sentences
    for old, new in pairwise([in_force, *coming]):
        yield from tell(old, new, at)


def changes_between(old: BureauPolicy, new: BureauPolicy) -> list[Changed]:
    """Return every key that differs, in the order of the policy."""
    return [
        Changed(field.name, before, after, _warning(field.name, before, after))
        for field in fields(BureauPolicy)
        if field.name not in {"code", "effective_from"}
        and (before := getattr(old, field.name)) != (after := getattr(new, field.name))
    ]


def _sentences(old: BureauPolicy, new: BureauPolicy, at: datetime) -> Iterator[str]:
    day = japanese.long_day_words(new.effective_from)
    yield f"{new.bureau_name}　{day}0時から変わること："
    changes = changes_between(old, new)
    for one in changes:
        before, after = words_of(one.key, one.old), words_of(one.key, one.new)
        yield f"  {label_of(one.key)}（{one.key}）は、「{before}」から「{after}」になります。"
        if one.warning:
            yield f"    注意：{one.warning}"
    if not changes:
        yield "  変わるところはありません。"
    live = _live(old, at)
    yield f"  前の規則で予約され、これから来庁する予約：{live}件。予約したときの規則のままです。"


def _objects(old: BureauPolicy, new: BureauPolicy, at: datetime) -> Iterator[str]:
    head = {"bureau": new.code, "effective_from": new.effective_from.isoformat()}
    live = {"replaces": old.effective_from.isoformat(), "live_reservations": _live(old, at)}
    yield _json(head | live)
    for one in changes_between(old, new):
        change = {"key": one.key, "label": label_of(one.key)}
        values = {"old": plain(one.old), "new": plain(one.new)}
        yield _json(head | change | values | ({"warning": one.warning} if one.warning else {}))


def _json(answer: Mapping[str, object]) -> str:
    return json.dumps(answer, ensure_ascii=False)


def _live(policy: BureauPolicy, at: datetime) -> int:
    """Count the reservations made under this policy whose visit is still to come."""
    today = at.astimezone(policy.tz).date()
    return (
        Reservation.objects.coming(today)
        .filter(bureau=policy.code, policy_effective_from=policy.effective_from)
        .count()
    )


def _warning(key: str, old: Any, new: Any) -> str:  # noqa: ANN401 - of whatever kind the key is
    found = [text for fits, text in WARNINGS if fits(key, old, new)]
    return "".join(found)


def _lost(old: Collection[object], new: Collection[object]) -> bool:
    return bool(set(old) - set(new))


Fits = Callable[[str, Any, Any], bool]

WARNINGS: tuple[tuple[Fits, str], ...] = (
    (
        lambda key, old, new: key in CAPACITIES and max(old, new) >= JUMP * min(old, new),
        "一度に大きく変わります。窓口の人手を確かめてください。",
    ),
    (
        lambda key, _old, _new: key in CAPACITIES,
        "すでに用意された枠の数は変わりません。これから用意する枠だけが、この数になります。",
    ),
    (
        lambda key, old, new: key in LIMITS and new < old,
        "減ります。前の規則の予約はそのままですが、書きかけの下書きは断られることがあります。",
    ),
    (
        lambda key, old, new: key.startswith("allow_") and old and not new,
        "できなくなります。前の規則で予約された方は、最後までできます。",
    ),
    (
        lambda key, old, new: (
            (key == "change_open_days_before" and new > old)
            or (key == "change_last_minute" and new < old)
        ),
        "期限が早くなります。前の規則の予約には、約束した期限が残ります。",
    ),
    (
        lambda key, old, new: key in OFFERS and _lost(old, new),
        "なくなるものがあります。登録済みの証明書や、書きかけの下書きを確かめてください。",
    ),
    (
        lambda key, old, new: (
            key == "hours"
            and any(_lost(before, after) for before, after in zip(old, new, strict=True))
        ),
        "なくなる時刻があります。その時刻に予約された方は、そのままお越しになります。",
    ),
    (
        lambda key, _old, _new: key == "slot_minutes",
        "前の規則の予約と、時間が重なることがあります。",
    ),
)
