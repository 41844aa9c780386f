#!/usr/bin/env python3
"""upper.py: whatever is published is heard in capitals."""
import json
import sys


def answer(message):
    if message["type"] == "subscribe":
        return {"allow": True}
    if message["type"] == "publish":
        if not isinstance(message["event"], str):
            return {"allow": False, "reason": "only texts"}
        return {"events": [{"event": message["event"].upper()}]}
    return {"error": {"message": "there is nothing to call"}}


for line in sys.stdin:
    message = json.loads(line)
    if "id" in message:
        print(json.dumps({"id": message["id"], **answer(message)}), flush=True)
