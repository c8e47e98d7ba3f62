"""Offers a library to MCP clients, as five tools over stdio or HTTP; knows nothing of how an answer is made.

`forms` is what the tools take and give, `tools` what they do, `serving` the two ways of reaching them.
"""

from qa.mcp.serving import PATH, mount, serve_stdio
from qa.mcp.tools import LibraryAssistant, create_server

__all__ = ["PATH", "LibraryAssistant", "create_server", "mount", "serve_stdio"]
