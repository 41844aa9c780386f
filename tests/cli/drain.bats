#!/usr/bin/env bats
# wampd(8), "Drain": ending all sessions over a time, then the broker.

load helper

setup() {
	test_begin
}

teardown() {
	test_end
}

# drain_clients N: N WebSocket clients, which are open when it returns.  For
# each that loses its connection, the file "lost" gets a line: when, in ms, and
# the code of the close frame.
drain_clients() {
	cat >"$BATS_TEST_TMPDIR/clients.mjs" <<-'END'
	import { appendFileSync, writeFileSync } from 'node:fs';
	import { connect } from 'node:net';
	const [port, n, folder] = process.argv.slice(2);
	let open = 0, left = Number(n);
	for (let i = 0; i < n; i++) {
		const s = connect(Number(port), '127.0.0.1');
		let code = 'dropped', welcome = false;
		s.write('GET / HTTP/1.1\r\nHost: localhost\r\n' +
		    'Upgrade: websocket\r\nConnection: Upgrade\r\n' +
		    'Sec-WebSocket-Version: 13\r\n' +
		    'Sec-WebSocket-Protocol: wamp\r\n' +
		    'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n');
		s.on('data', (d) => {
			if (!welcome && d.includes('[0,')) {
				welcome = true;
				if (++open === Number(n))
					writeFileSync(folder + '/open', '');
			} else if (d[0] === 0x88) {
				code = d.readUInt16BE(2);
				s.end();
			}
		});
		s.on('error', () => {});
		s.on('close', () => {
			appendFileSync(folder + '/lost',
			    Date.now() + ' ' + code + '\n');
			if (--left === 0)
				writeFileSync(folder + '/all', '');
		});
	}
	END
	node "$BATS_TEST_TMPDIR/clients.mjs" "$(port_of)" "$1" \
	    "$BATS_TEST_TMPDIR" 3>&- &
	CLIENTS_PID=$!
	wait_until test -e "$BATS_TEST_TMPDIR/open"
}

port_of() {
	local at=${WS_URL#ws://}

	at=${at%/}
	echo "${at##*:}"
}

is_refused() {
	! (: <>"/dev/tcp/127.0.0.1/$1") 2>/dev/null
}

@test "SIGUSR2 ends the sessions, then the broker" {
	local port

	broker_start
	port=$(port_of)
	drain_clients 20
	kill -s USR2 "$BROKER_PID"
	wait_until is_refused "$port"
	# Whoever administers it can watch.
	run -0 wamp-call wampd.info
	assert_output --partial '"draining":true,"drain":{"remaining":20,'
	run -0 wamp-call wampd.drain '{"spread":0.1}'
	assert_output --partial '"draining":true,'
	wait "$BROKER_PID"
	BROKER_PID=
	wait_until test -e "$BATS_TEST_TMPDIR/all"
	wait "$CLIENTS_PID"
	# Without a close frame: by default, clients come back only then.
	run -0 grep -c ' dropped$' "$BATS_TEST_TMPDIR/lost"
	assert_output 20
	[ ! -e "$WAMPD_CONTROL" ]
	[ ! -e "$PORTS" ]
	run -0 grep -c 'drain: sessions=20 spread=30.000s' "$BROKER_LOG"
	run -1 grep 'ignored: it has no meaning' "$BROKER_LOG"
}

@test "a drain spreads the ends of sessions over its time" {
	local first last

	printf '%s\n' 'drain: { spread: 2s }' 'come_back: code' \
	    >"$BATS_TEST_TMPDIR/wampd.yml"
	broker_start -c "$BATS_TEST_TMPDIR/wampd.yml"
	drain_clients 200
	run -0 wamp-call wampd.drain
	assert_output --partial '"remaining":200,'
	wait "$BROKER_PID"
	BROKER_PID=
	wait_until test -e "$BATS_TEST_TMPDIR/all"
	wait "$CLIENTS_PID"
	run -0 grep -c ' 1012$' "$BATS_TEST_TMPDIR/lost"
	assert_output 200
	first=$(sort -n "$BATS_TEST_TMPDIR/lost" | sed -n '20s/ .*//p')
	last=$(sort -n "$BATS_TEST_TMPDIR/lost" | sed -n '180s/ .*//p')
	# A tenth of them ends before, and after, these two.
	[ $((last - first)) -ge 1000 ]
}

@test "a second signal does not wait" {
	local signal

	for signal in USR2 TERM; do
		rm -f "$BATS_TEST_TMPDIR"/{open,lost,all}
		broker_start
		drain_clients 3
		kill -s USR2 "$BROKER_PID"
		wait_until grep -q 'drain: sessions=3' "$BROKER_LOG"
		: >"$BROKER_LOG"
		broker_stop "$signal"
		wait "$CLIENTS_PID"
	done
}

@test "a drain that is cancelled leaves a broker that listens" {
	local port

	broker_start -l "unix:$BATS_TEST_TMPDIR/ws.sock"
	port=$(port_of)
	drain_clients 5
	wamp-call wampd.drain '{"spread":"1h"}'
	wait_until is_refused "$port"
	run -5 wamp-sub -u "$WS_URL" -w 5 -C 1 t
	run -0 wamp-call wampd.drain '{"cancel":true}'
	assert_output '{"draining":false}'
	run -0 wamp-call wampd.info
	assert_output --partial '"sessions":6,'
	assert_output --partial '"draining":false'
	run -0 wamp-call -u "$WS_URL" wampd.echo 1
	[ -S "$BATS_TEST_TMPDIR/ws.sock" ]
	kill "$CLIENTS_PID"
	wait "$CLIENTS_PID" || true
}

@test "wampd.drain refuses what it does not know" {
	broker_start
	run -3 wamp-call wampd.drain '{"spread":"soon"}'
	assert_output --partial 'spread must be a duration'
	run -3 wamp-call wampd.drain '{"spread":-1}'
	run -3 wamp-call wampd.drain '{"spread":"25h"}'
	run -3 wamp-call wampd.drain '{"spread":true}'
	run -3 wamp-call wampd.drain '{"cancel":1}'
	assert_output --partial 'the options are spread, '
	run -3 wamp-call wampd.drain '{"now":true}'
	run -3 wamp-call wampd.drain '"1s"'
	run -3 wamp-call wampd.drain 1 2
	run -0 wamp-call wampd.info
	assert_output --partial '"draining":false'
	run -3 wamp-call -u "$WS_URL" wampd.drain
}

@test "a drain waits for the answer of a handler" {
	cd "$BATS_TEST_TMPDIR"
	echo 'slow: { channel: slow, handler: slow }' >routing.yml
	cat >slow.sh <<-'END'
	read -r request
	touch asked
	until [ -e go ]; do
		sleep 0.02
	done
	request=${request#*'"id":'}
	echo "{\"id\":${request%%,*},\"result\":7}"
	read -r request
	END
	cat >wampd.yml <<-'END'
	routes: [routing.yml]
	anonymous: yes
	hosts: [localhost]
	handlers:
	    slow: { type: exec, command: [sh, slow.sh], call: anyone }
	END
	broker_start -c wampd.yml
	wamp-call -u "$WS_URL" slow >answer 3>&- &
	TOOL_PID=$!
	wait_until test -e asked
	wamp-call wampd.drain '{"spread":0}'
	run -0 wamp-call wampd.info
	assert_output --partial '"remaining":1,'
	touch go
	wait "$TOOL_PID"
	TOOL_PID=
	[ "$(<answer)" = "[7]" ]
	wait "$BROKER_PID"
	BROKER_PID=
}

@test "a service manager is told to wait, and of the end" {
	local heard=$BATS_TEST_TMPDIR/heard
	local -x NOTIFY_SOCKET=$BATS_TEST_TMPDIR/notify
	local manager

	socat -u UNIX-RECV:"$NOTIFY_SOCKET" OPEN:"$heard",creat,append 3>&- &
	manager=$!
	wait_until grep -q "$NOTIFY_SOCKET\$" /proc/net/unix
	broker_start
	wamp-call wampd.drain '{"spread":"200s"}'
	wait_until grep -q '^STATUS=Draining 0 sessions' "$heard" ||
	    wait_until grep -q 'STOPPING=1' "$heard"
	wait "$BROKER_PID"
	BROKER_PID=
	wait_until grep -q 'STOPPING=1' "$heard"
	run -0 grep -c 'EXTEND_TIMEOUT_USEC=210000000' "$heard"
	kill "$manager"
	wait "$manager" || true
}
