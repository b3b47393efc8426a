"""The pages of the app and what stands around each of them. The paths are Dutch, as the links that people share."""

from __future__ import annotations

import solara

from ketensim.app.frame import Frame
from ketensim.app.pages.compare import Compare
from ketensim.app.pages.experiments import Experiments
from ketensim.app.pages.explore import Explore
from ketensim.app.pages.learn import Learn
from ketensim.app.pages.own import Own
from ketensim.app.pages.watch import Watch

routes = [
    solara.Route("/", component=Explore, layout=Frame),
    solara.Route("kijk", component=Watch),
    solara.Route("vergelijk", component=Compare),
    solara.Route("keten", component=Own),
    solara.Route("experimenten", component=Experiments),
    solara.Route("leer", component=Learn),
]
