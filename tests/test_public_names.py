"""What ``import ketensim`` offers."""

from __future__ import annotations

import pytest

import ketensim as ks


@pytest.mark.parametrize("name", [*ks.__all__, "__version__"])
def test_every_public_name_is_there_when_it_is_asked_for(name: str) -> None:
    assert getattr(ks, name) is not None
    assert name in dir(ks)
