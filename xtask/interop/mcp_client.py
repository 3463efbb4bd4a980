"""Reads tickets through `ticket mcp` with the official Python SDK: `python3 xtask/interop/mcp_client.py WORD [OPTION…]`, after
`pip install mcp`.

The options are those of `ticket mcp`. Prints the tools, then what search, get and explain answer for the first ticket with the word.
"""

import asyncio
import json
import os
import sys

from mcp import ClientSession, StdioServerParameters
from mcp.client.stdio import stdio_client

word, *options = sys.argv[1:]
server = StdioServerParameters(command=os.environ.get("TICKET", "ticket"), args=["mcp", *options], env=dict(os.environ))


async def call(session, tool, **arguments):
    result = await session.call_tool(tool, arguments)
    text = result.content[0].text
    print(f"--- {tool} {json.dumps(arguments, ensure_ascii=False)}\n{text}")
    return text


async def main():
    async with stdio_client(server) as streams, ClientSession(*streams) as session:
        await session.initialize()
        tools = await session.list_tools()
        print(", ".join(tool.name for tool in tools.tools))
        found = await call(session, "search", words=word, max_chars=1000)
        ticket = json.loads(next(line for line in found.splitlines() if line.startswith("{")))["ticket"]
        await call(session, "get", ticket=ticket, max_chars=4000)
        await call(session, "explain", ticket=ticket, field="status", max_chars=2000)
        await call(session, "sql", query="DELETE FROM ticket")


asyncio.run(main())
