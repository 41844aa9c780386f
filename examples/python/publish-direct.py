#!/usr/bin/env python3
"""publish-direct.py TOPIC JSON...: publish over the broker's control socket,
without any program or library.

Each message is a JSON list on a line of its own.  PUBLISH, type 7, has no
answer; the call of wampd.barrier tells what became of all before it.
"""
import json
import os
import socket
import sys


def publish(topic, events):
    """Returns how many sessions got them, added up; raises OSError."""
    path = os.environ.get("WAMPD_CONTROL", "/run/wampd/control.sock")
    messages = [[7, topic, event] for event in events]
    messages.append([2, "done", "wampd.barrier"])
    with socket.socket(socket.AF_UNIX) as connection:
        connection.settimeout(10)
        connection.connect(path)
        lines = connection.makefile()
        lines.readline()    # WELCOME
        for message in messages:
            connection.sendall(json.dumps(message).encode() + b"\n")
        for line in lines:
            kind, _, *rest = json.loads(line)
            if kind == 4:
                raise OSError(": ".join(rest[:2]))
            if kind == 3:
                return rest[0]["delivered"]
    raise OSError(f"{path}: no answer")


if __name__ == "__main__":
    try:
        events = [json.loads(text) for text in sys.argv[2:]]
        print(publish(sys.argv[1], events), "deliveries")
    except OSError as error:
        sys.exit(f"publish-direct.py: {error}")
