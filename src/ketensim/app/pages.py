"""The pages of the app and what stands around each of them. The paths are Dutch, as the links that people share."""

from __future__ import annotations

import solara

from ketensim.app.compare.page import Compare
from ketensim.app.experiments.page import Experiments
from ketensim.app.explore.page import Explore
from ketensim.app.frame import Frame
from ketensim.app.learn.page import Learn
from ketensim.app.own.page import Own
from ketensim.app.watch.page import Watch

routes = [
    solara.Route("/", component=Explore, layout=Frame),
    solara.Route("kijk", component=Watch),
    solara.Route("vergelijk", component=Compare),
    solara.Route("keten", component=Own),
    solara.Route("experimenten", component=Experiments),
    solara.Route("leer", component=Learn),
]
