#!/usr/bin/env python3
"""receive.py COUNT TOPIC...: handle events that wamp-sub receives.

wamp-sub does what a client must do: connect, here or with WAMP_URL elsewhere,
subscribe, and keep the connection alive.
"""
import json
import subprocess
import sys


def handle(topic, event):
    """What your program does; this one tells."""
    print(topic, "has", event, flush=True)


def receive(count, topics):
    """Returns after count events with the exit status of wamp-sub."""
    command = ["wamp-sub", "--json", "--count", str(count), "--", *topics]
    with subprocess.Popen(command, stdout=subprocess.PIPE,
                          text=True) as events:
        for line in events.stdout:
            message = json.loads(line)
            handle(message["topic"], message["event"])
    return events.returncode


if __name__ == "__main__":
    sys.exit(receive(int(sys.argv[1]), sys.argv[2:]))
