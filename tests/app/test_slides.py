"""Claims about slides: a picture that can stand alone says what was set, what it did, and where it comes from."""

from __future__ import annotations

import pytest

from ketensim.app.levers import setting_name
from ketensim.app.setting import Setting
from ketensim.foundation.parameters import LEVER_NAMES
from ketensim.texts import LANGUAGES, t

CHAIN = Setting(chain="reference")


def moved(*names: str) -> Setting:
    setting = CHAIN
    for name in names:
        setting = setting.with_lever(name, 0.9)
    return setting


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_setting_is_called_after_what_was_moved(language: str) -> None:
    assert setting_name(CHAIN, language) == t("app.present.as_it_is", language)
    assert setting_name(moved("room"), language) == f"{t('lever.room.label', language)} 90"
    assert setting_name(moved(*LEVER_NAMES[:6]), language) == t("app.present.many", language, number=6)
    assert setting_name(moved(*LEVER_NAMES), language) == t("app.levers.whole.all", language)
