"""The pages of the app, in the order of the menu. Whoever adds one adds its folder, its line here and its words."""

from __future__ import annotations

from ketensim.app.compare.columns import picked_from_link, picked_in_link
from ketensim.app.compare.page import Compare
from ketensim.app.contrast.page import TwoChains, contrast_from_link, contrast_in_link
from ketensim.app.experiments.page import Experiments
from ketensim.app.explore.page import Explore
from ketensim.app.frame import AppPage, routes_of
from ketensim.app.learn.page import Learn, story_from_link, story_in_link
from ketensim.app.own.page import Own
from ketensim.app.pins import pins_from_link, pins_in_link
from ketensim.app.session import HOME
from ketensim.app.watch.page import Watch, watch_from_link, watch_in_link

PAGES = (
    AppPage(HOME, "explore", Explore, pins_in_link, pins_from_link),
    AppPage("/twee-ketens", "contrast", TwoChains, contrast_in_link, contrast_from_link),
    AppPage("/kijk", "watch", Watch, watch_in_link, watch_from_link),
    AppPage("/vergelijk", "compare", Compare, picked_in_link, picked_from_link),
    AppPage("/keten", "own", Own),
    AppPage("/experimenten", "experiments", Experiments),
    AppPage("/leer", "learn", Learn, story_in_link, story_from_link),
)

routes = routes_of(PAGES)
