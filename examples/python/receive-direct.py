#!/usr/bin/env python3
"""receive-direct.py COUNT TOPIC...: handle events that come over the broker's
control socket, without any program or library.
"""
import json
import os
import socket
import sys


def events(topics):
    """Yields pairs of topic and event as long as the broker is there."""
    path = os.environ.get("WAMPD_CONTROL", "/run/wampd/control.sock")
    with socket.socket(socket.AF_UNIX) as connection:
        connection.connect(path)
        for topic in topics:
            message = json.dumps([5, topic])
            connection.sendall(message.encode() + b"\n")
        for line in connection.makefile():
            kind, topic, *rest = json.loads(line)
            if kind == 8:
                yield topic, rest[0]
            elif kind == 4:
                raise OSError(": ".join(rest[:2]))


if __name__ == "__main__":
    try:
        left = int(sys.argv[1])
        for topic, event in events(sys.argv[2:]):
            print(topic, "has", event, flush=True)
            left -= 1
            if left == 0:
                sys.exit()
    except OSError as error:
        sys.exit(f"receive-direct.py: {error}")
    sys.exit("receive-direct.py: the broker has gone")
