"""Claims about the recipes in ``experiments/``: they still fit the model that they are about."""

from __future__ import annotations

import ast

import pytest
from tests.conftest import script

SUBMODELS = script("experiments/sensitivity/submodels.py")


@pytest.mark.parametrize("variant", SUBMODELS.VARIANTS)
def test_every_text_that_a_submodel_replaces_stands_in_the_model_once(variant, tmp_path):
    """And what comes instead can be read as Python."""
    changes = SUBMODELS.VARIANTS[variant]
    source = SUBMODELS.copy_with(changes, tmp_path)
    for name, _, new in changes:
        text = (source / "ketensim" / name).read_text("utf-8")
        assert new in text
        ast.parse(text)


def test_a_model_that_has_changed_stops_a_submodel_loudly(tmp_path):
    """Otherwise the model as it is would be reported as the variant."""
    with pytest.raises(SUBMODELS.ChangedModelError, match="stands there 0 times"):
        SUBMODELS.copy_with((("chain/week.py", "no such line\n", ""),), tmp_path)
