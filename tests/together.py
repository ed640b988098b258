"""One test for many small cases: all are looked at, and each that fails is told by its name."""
import traceback

import pytest


def together(cases, name=str):
    """Decorate a check of one case: the test runs it on all of them."""
    def test_of(check):
        def test():
            faults = [f"{name(case)}: {fault}" for case in cases if (fault := found(check, case))]
            if faults:
                pytest.fail("\n".join(faults), pytrace=False)

        test.__name__, test.__qualname__, test.__doc__ = (
            check.__name__, check.__qualname__, check.__doc__)  # fmt: skip
        return test

    return test_of


def found(check, case):
    """What a check has against a case, with its place, or nothing."""
    try:
        check(case)
    except Exception as error:
        place = traceback.extract_tb(error.__traceback__)[-1]
        return f"{type(error).__name__}: {error} ({place.filename}, line {place.lineno})"
