"""FLOOR 8: the door that app and workshop share: who may ask, how much, how often, and how a server begins and ends.

``guard`` looks at a request, ``connections`` at what comes before there is one, ``names`` says under which names a
server may be asked, and ``serving`` puts them in front of an application. What stands behind the door is not known here.
"""
