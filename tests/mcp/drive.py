#!/usr/bin/env python3
"""Drives `passrole mcp` with the protocol's own SDK for Python: drive.py PASSROLE. Needs the package `mcp`, version 2."""

import asyncio
import json
import sys
import tempfile
from pathlib import Path

from mcp import Client, StdioServerParameters, stdio_client

POLICY = '{ "Version": "2012-10-17", "Statement": [{ "Effect": "Allow", "Action": "ecs:RunTasks", "Resource": "*" }] }\n'
TASK = '{ "family": "web", "networkMode": "awsvpc", "containerDefinitions": [{ "name": "app", "image": "nginx", "memory": 512 }] }\n'


async def drive(program: str, folder: Path) -> None:
    (folder / "policy.json").write_text(POLICY)
    (folder / "task.json").write_text(TASK)
    server = StdioServerParameters(command=program, args=["mcp", str(folder)], cwd=str(folder))
    async with Client(stdio_client(server)) as client:
        tools = {tool.name: tool for tool in (await client.list_tools()).tools}
        assert list(tools) == ["check", "explain", "roles", "can", "diff", "expand"], list(tools)
        assert all(tool.annotations.read_only_hint for tool in tools.values())

        async def answer(tool: str, arguments: dict) -> dict:
            result = await client.call_tool(tool, arguments)
            assert not result.is_error, (tool, result.content)
            assert result.content[0].text
            return result.structured_content

        checked = await answer("check", {"diff": True})
        assert [it["rule"] for it in checked["findings"]] == ["unknown-action"], checked
        assert "ecs:RunTask\"" in checked["diff"], checked["diff"]
        assert (folder / "policy.json").read_text() == POLICY
        request = {"principal": "arn:aws:iam::111122223333:role/web", "action": "ecs:RunTask", "resource": "*", "identity": ["policy.json"]}
        assert (await answer("can", request))["answer"] == "denied"
        assert "deployer" in await answer("roles", {"file": "task.json"})
        assert (await answer("diff", {"old": "policy.json", "new": "policy.json"}))["same"] is True
        assert "ecs:RunTask" in json.dumps(await answer("expand", {"patterns": ["ecs:RunT*"]}))
        assert "messages" in await answer("explain", {"message": "User: arn:aws:iam::111122223333:user/a is not authorized to perform: iam:PassRole on resource: arn:aws:iam::111122223333:role/b"})
        for path in ["/etc/hostname", "..", "../" * 9 + "etc/hostname"]:
            refused = await client.call_tool("check", {"paths": [path]})
            assert refused.is_error and "is not read" in refused.content[0].text, refused
    print("passrole mcp answers the SDK's client and refuses what is outside, and has written nothing")


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(drive(str(Path(sys.argv[1]).resolve()), Path(folder)))
