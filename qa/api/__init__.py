"""Serves answers to other programs over HTTP, and the chat beside them; knows nothing of how an answer is made.

`application` puts it together and `serving` runs it. Of the other modules each is one concern: `asking`, `openai`,
`library` and `health` are the endpoints, `guard`, `keys` and `limits` keep them safe, `problems` says how they fail.
"""

from qa.api.application import create_app
from qa.api.keys import Keys
from qa.api.limits import Limits
from qa.api.serving import claim_port, is_loopback, serve_on

__all__ = ["Keys", "Limits", "claim_port", "create_app", "is_loopback", "serve_on"]
