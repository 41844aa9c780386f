#!/usr/bin/env python3
"""ticket.py NAME [ROLE...]: have the broker make a ticket with which a page
connects as that user, for five minutes.

The broker has the key, and this program may use its control socket:

    wamp-ticket key --output ticket.key >ticket.pub

    tickets: { paseto: { keys: ticket.pub, issue_key: ticket.key } }

A page gets the ticket from your server, which knows who has logged in, and
connects to 'wss://.../?ticket=' + encodeURIComponent(ticket).
"""
import json
import os
import socket
import sys


def call(procedure, *args):
    """The result of a procedure, over the control socket.

    Each message is a JSON list on a line of its own: CALL is type 2, its
    result 3, an error 4.
    """
    path = os.environ.get('WAMPD_CONTROL') or '/run/wampd/control.sock'
    with socket.socket(socket.AF_UNIX) as sock:
        sock.settimeout(10)
        sock.connect(path)
        lines = sock.makefile('rw', encoding='utf-8', newline='\n')
        lines.readline()        # WELCOME
        lines.write(json.dumps([2, 'ticket', procedure, *args]) + '\n')
        lines.flush()
        for line in lines:
            kind, ident, *rest = json.loads(line)
            if kind in (3, 4) and ident == 'ticket':
                if kind == 4:
                    raise RuntimeError(rest[1])
                return rest[0]
    raise RuntimeError('the broker has closed the connection')


def ticket(name, roles=(), lifetime='5m'):
    """A PASETO for that user."""
    return call('wampd.ticket.issue',
                {'user': name, 'roles': list(roles), 'for': lifetime})


if __name__ == '__main__':
    try:
        if len(sys.argv) < 2:
            raise RuntimeError('usage: ticket.py NAME [ROLE...]')
        print(ticket(sys.argv[1], sys.argv[2:]))
    except (OSError, RuntimeError) as error:
        sys.exit(f'ticket.py: {error}')
