"""Claims about ``python -m docs.make``: nothing in the documentation is stale, and each name does what it says."""

from __future__ import annotations

import pytest
from docs.make import marks
from docs.make.__main__ import check, chosen, main
from docs.make.steps import STEPS, Result


@pytest.mark.jit
@pytest.mark.long
def test_everything_that_is_stored_or_quoted_is_as_it_would_be_made_now() -> None:
    """What takes minutes or hours is judged by its mark; examples are carried out in ``tests/test_docs.py``."""
    assert check(()) == []


def test_what_a_step_needs_comes_before_it() -> None:
    names = [step.name for step in STEPS]
    assert len(names) == len(set(names))
    assert all(needed in names[:place] for place, step in enumerate(STEPS) for needed in step.after)


def test_a_named_result_brings_the_pages_that_show_it() -> None:
    assert [step.name for step in chosen(["history"])] == ["history", "history_pages"]
    assert [step.name for step in chosen(["model_tables"])] == ["model_tables"]
    assert chosen([]) == list(STEPS)


def test_a_result_of_another_model_is_stale(monkeypatch: pytest.MonkeyPatch) -> None:
    result = Result("made_up", "a second", ("experiments/made_up.csv",), lambda: "new", lambda: None)
    monkeypatch.setattr(marks, "kept", lambda: {"made_up": "old"})
    assert result.stale() == ["experiments/made_up.csv"]
    monkeypatch.setattr(marks, "kept", lambda: {"made_up": "new"})
    assert result.stale() == []


def test_a_step_that_does_not_exist_is_refused_by_name(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["furlongs"])
    assert "furlongs" in capsys.readouterr().err


def test_the_list_tells_every_step(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--list"]) == 0
    listed = [line.split()[0] for line in capsys.readouterr().out.splitlines()]
    assert listed == [step.name for step in STEPS]
