# takeover.py: what stands beside a wampd that is replaced.
#
#	takeover.py fake PATH HOW	take over from the wampd at the control
#					socket PATH, and die as HOW says
#	takeover.py old PATH ANSWER	answer so to a wampd that takes over
#	takeover.py loop FILE PORT...	connect to each in a loop, until FILE is
#					there; print how often, and how often in
#					vain
#	takeover.py activate ADDRESS... -- COMMAND...
#					run the command as a service manager
#					with socket units does

import os
import signal
import socket
import sys
import time


def message(s, lines):
    """One more line, and the descriptors that came."""
    fds = []
    while b"\n" not in lines[0]:
        data, more, _, _ = socket.recv_fds(s, 65536, 250)
        if data == b"":
            sys.exit("the connection was closed")
        fds += more
        lines[0] += data
    line, lines[0] = lines[0].split(b"\n", 1)
    return line.decode(), fds


def fake(path, how):
    s = socket.socket(socket.AF_UNIX)
    s.connect(path)
    lines = [b""]
    message(s, lines)
    if how == "connected":
        os.kill(os.getpid(), signal.SIGKILL)
    if how == "commit first":
        s.send(b'[2,"1","wampd.takeover",{"step":"commit"}]\n')
        print(message(s, lines)[0])
        return
    s.send(b'[2,"1","wampd.takeover",{"step":"begin"}]\n')
    answer, fds = message(s, lines)
    print(answer, len(fds), flush=True)
    if not fds:
        return
    if how == "begun":
        os.kill(os.getpid(), signal.SIGKILL)
    s.send(b'[2,"2","wampd.takeover",{"step":"commit"}]\n')
    answer, fds = message(s, lines)
    print(answer, len(fds), flush=True)
    decision = socket.socket(fileno=fds[1])
    if how == "committed":
        os.kill(os.getpid(), signal.SIGKILL)
    if how == "wrong word":
        decision.send(b"n")
    elif how == "late":
        decision.recv(1)
        decision.recv(1)
        print("given up")


def old(path, answer):
    """What says that it is the old wampd."""
    s = socket.socket(socket.AF_UNIX)
    s.bind(path)
    s.listen()
    c, _ = s.accept()
    os.unlink(path)
    c.send(b'[0,"id",1,"wampd/9"]\n')
    c.recv(4096)
    if answer != "nothing":
        c.send(answer.encode() + b"\n")
        c.settimeout(5)
        try:
            c.recv(4096)
        except OSError:
            pass


def loop(stop, ports):
    n = failed = 0
    while not os.path.exists(stop):
        for port in ports:
            n += 1
            try:
                s = socket.create_connection(("127.0.0.1", int(port)), 30)
                s.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\n"
                          b"Upgrade: websocket\r\nConnection: Upgrade\r\n"
                          b"Sec-WebSocket-Version: 13\r\n"
                          b"Sec-WebSocket-Protocol: wamp\r\n"
                          b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=="
                          b"\r\n\r\n")
                if not s.recv(4096).startswith(b"HTTP/1.1 101"):
                    raise OSError("no session")
                s.close()
            except OSError as e:
                failed += 1
                print(e)
            if n == 1:
                print("begun", flush=True)
    print("failed:", failed)


def activate(words):
    at = words.index("--")
    sockets = []
    for address in words[:at]:
        kind, _, rest = address.partition(":")
        if kind == "unix":
            s = socket.socket(socket.AF_UNIX)
            s.bind(rest)
        elif kind == "udp":
            s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        elif kind == "bound":
            s = socket.socket()
            s.bind(("127.0.0.1", 0))
        else:
            s = socket.socket()
            s.bind(("127.0.0.1", int(rest)))
        if kind in ("unix", "tcp"):
            s.listen()
        if kind == "tcp":
            print(s.getsockname()[1], flush=True)
            words = [w.replace("PORT", str(s.getsockname()[1]))
                     for w in words]
        sockets.append(s)
    kept = [os.dup(s.fileno()) for s in sockets]
    high = [os.dup2(fd, 100 + i) for i, fd in enumerate(kept)]
    for i, fd in enumerate(high):
        os.dup2(fd, 3 + i)
    os.closerange(3 + len(high), 200)
    os.environ["LISTEN_PID"] = os.environ.get("LISTEN_PID", str(os.getpid()))
    os.environ["LISTEN_FDS"] = os.environ.get("LISTEN_FDS", str(len(high)))
    os.execvp(words[at + 1], words[at + 1:])


if sys.argv[1] == "fake":
    fake(sys.argv[2], sys.argv[3])
elif sys.argv[1] == "old":
    old(sys.argv[2], sys.argv[3])
elif sys.argv[1] == "loop":
    loop(sys.argv[2], sys.argv[3:])
else:
    activate(sys.argv[2:])
