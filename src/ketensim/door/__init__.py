"""FLOOR 8: the door that app and workshop share: who may ask, how much, how often, and how a server begins and ends.

``addresses`` says where a server is found and under which names it may be asked, ``connections`` looks at what comes
before there is a request, ``guard`` at the request itself, and ``serving`` puts them in front of an application. What
stands behind the door is not known here.
"""
