#!/usr/bin/env python3
"""publish.py TOPIC JSON: publish an event through wamp-pub.

Nothing but the program is needed, on the broker's machine and, with WAMP_URL
in the environment, on any other.
"""
import json
import subprocess
import sys


def publish(topic, event):
    """Raises CalledProcessError, its stderr the reason, when it failed."""
    subprocess.run(["wamp-pub", "--", topic], input=json.dumps(event),
                   stderr=subprocess.PIPE, text=True, check=True)


if __name__ == "__main__":
    try:
        publish(sys.argv[1], json.loads(sys.argv[2]))
    except subprocess.CalledProcessError as error:
        sys.exit(f"publish.py: {error.stderr.strip()}")
