"""Many cases in one test: none is passed over, and all that fail are named."""
import pytest
from together import together


def test_every_case_is_looked_at_and_every_fault_is_told():
    seen = []

    @together([1, 2, 3, 4], name=lambda n: f"case {n}")
    def check(n):
        """Even, and not four."""
        seen.append(n)
        assert n % 2 == 0, "it is odd"
        if n == 4:
            raise KeyError("four")

    assert (check.__name__, check.__doc__) == ("check", "Even, and not four.")
    with pytest.raises(pytest.fail.Exception) as told:
        check()
    assert seen == [1, 2, 3, 4]
    lines = [line for line in str(told.value).splitlines() if line.startswith("case ")]
    assert [line[:6] for line in lines] == ["case 1", "case 3", "case 4"]
    assert "it is odd" in lines[0] and "KeyError: 'four'" in lines[2]
    assert "test_together.py, line" in str(told.value)


def test_cases_without_a_fault_pass():
    together("ab")(lambda letter: None)()
