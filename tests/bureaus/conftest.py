"""The clock of the situations, and folders of policy files."""

from tests.bureaus.policy_files import folder, second_file
from tests.situations import at_moment, monday_morning

__all__ = ["at_moment", "folder", "monday_morning", "second_file"]
