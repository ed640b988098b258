"""Look-ups are at most two clicks each."""
import re

import check_citer


def test_look_ups_are_of_at_most_two_clicks_each():
    assert len(check_citer.LOOKUPS) == 16
    for question, (clicks, selector, text) in check_citer.LOOKUPS.items():
        assert len(clicks) <= 2, question
        assert {kind for kind, *_ in clicks} <= {"click", "pick", "type"} and selector and text


def test_published_numbers_that_are_looked_up_exist():
    from scaling_utils import load

    keys = {selector[1:] for _, selector, _ in check_citer.LOOKUPS.values()
            if re.fullmatch(r"#\w+", selector)}  # fmt: skip
    assert len(keys) == 4 and keys <= set(load("published_constants").key)
