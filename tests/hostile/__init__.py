"""Bad input through every form: the table is in ``forms``, what is sent to it in ``requests``."""

import pytest

pytest.register_assert_rewrite("tests.hostile.trial", "tests.hostile.desk")
