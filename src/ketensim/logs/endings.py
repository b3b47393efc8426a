"""How cases ended, as people say it: which outcomes of a list were wrong, and which were withdrawn; the others were right.

A list does not say which outcome was right, so nothing is guessed. What people say is only laid beside the simulation
(how much of what was closed was right and in time), and does not change the chain.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from ketensim.foundation.errors import InputError, Problem
from ketensim.scenario.problems import excerpt, nearest

if TYPE_CHECKING:
    import pandas as pd

RIGHT, WRONG, WITHDRAWN, UNSAID = 0, 1, 2, -1
ENDINGS: Final = ("right", "wrong", "withdrawn")


def endings_said(
    cases: pd.DataFrame, wrong: Sequence[str], withdrawn: Sequence[str], file: str | None = None
) -> pd.DataFrame:
    """The cases of a log with a column ``ending``: right, wrong or withdrawn, missing where no outcome is said.

    Parameters
    ----------
    cases : of an ``EventLog``, with or without outcomes
    wrong, withdrawn : outcomes as they stand in the list; all others are right. Both empty = nothing is said of any
    file : for messages

    Raises
    ------
    InputError : a list without outcomes, an outcome that is not in it (with the nearest), or one that is given twice
    """
    import pandas as pd

    cases = cases.drop(columns="ending", errors="ignore")
    if not wrong and not withdrawn:
        return cases
    if "outcome" not in cases:
        raise InputError([Problem("log.error.no_outcomes", "--outcome", {})], file)
    present = [str(name) for name in cases["outcome"].cat.categories]
    problems = [
        Problem("log.error.no_such_outcome", f"--{option}", {"given": excerpt(name), "allowed": tuple(present[:20]),
                                                             **nearest(name, present)})
        for option, names in (("wrong", wrong), ("withdrawn", withdrawn))
        for name in names
        if name not in present
    ]  # fmt: skip
    problems += [
        Problem("log.error.outcome_twice", "--withdrawn", {"given": excerpt(name)})
        for name in withdrawn
        if name in wrong
    ]
    if problems:
        raise InputError(problems, file)
    of_outcome = np.array(
        [WRONG if name in wrong else WITHDRAWN if name in withdrawn else RIGHT for name in present] + [UNSAID]
    )
    codes = of_outcome[cases["outcome"].cat.codes.to_numpy()]
    return cases.assign(ending=pd.Categorical.from_codes(codes, categories=pd.Index(ENDINGS)))


def endings_of(cases: Any) -> np.ndarray:
    """Per case ``RIGHT``, ``WRONG``, ``WITHDRAWN`` or ``UNSAID``."""
    if "ending" not in cases:
        return np.full(len(cases), UNSAID)
    return np.asarray(cases["ending"].cat.codes.to_numpy(), dtype=np.int64)
