"""Fetches tickets with the official Python SDK: `python3 xtask/interop/sdk.py ID…`, after `pip install lark-oapi`.

Reads the settings from the environment, as `ticket sandbox` prints them. Prints a line of JSON for each ticket: what the SDK returns, or
its error.
"""

import base64
import json
import os
import sys

import lark_oapi
from lark_oapi.api.helpdesk.v1 import GetTicketRequest

client = (
    lark_oapi.Client.builder()
    .app_id(os.environ["FEISHU_APP_ID"])
    .app_secret(os.environ["FEISHU_APP_SECRET"])
    .domain(os.environ["FEISHU_BASE_URL"])
    .log_level(lark_oapi.LogLevel.CRITICAL)
    .build()
)
pair = ":".join(os.environ[f"FEISHU_HELPDESK_{part}"] for part in ("ID", "TOKEN"))
header = {"X-Lark-Helpdesk-Authorization": base64.b64encode(pair.encode()).decode()}

for ticket_id in sys.argv[1:]:
    option = lark_oapi.RequestOption.builder().headers(dict(header)).build()
    request = GetTicketRequest.builder().ticket_id(ticket_id).build()
    try:
        response = client.helpdesk.v1.ticket.get(request, option)
        if response.data is not None and response.data.ticket is not None:
            print(lark_oapi.JSON.marshal(response.data.ticket))
        else:
            print(json.dumps({"error": f"HTTP {response.raw.status_code}, code {response.code}"}))
    except Exception as error:
        print(json.dumps({"error": f"{type(error).__name__}: {error}"}))
