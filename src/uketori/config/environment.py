"""Reading the variables of the environment, each as what it means."""

import os

from django.core.exceptions import ImproperlyConfigured


def env_text(name: str, default: str | None = None) -> str:
    """Return the variable, or the default; without either the process does not start."""
    value = os.environ.get(name, default)
    if value is None:
        message = f"{name} is not set"
        raise ImproperlyConfigured(message)
    return value


def env_bool(name: str, *, default: bool = False) -> bool:
    """Return whether the variable is 1; anything but 0, 1 or nothing is an error."""
    value = os.environ.get(name, "1" if default else "0")
    if value not in {"0", "1"}:
        message = f"{name} must be 0 or 1, not {value!r}"
        raise ImproperlyConfigured(message)
    return value == "1"


def env_int(name: str, default: int) -> int:
    """Return the variable as a whole number."""
    try:
        return int(os.environ.get(name, str(default)))
    except ValueError as error:
        message = f"{name} must be a whole number"
        raise ImproperlyConfigured(message) from error
