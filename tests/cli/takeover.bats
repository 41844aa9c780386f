#!/usr/bin/env bats
# wampd(8), "Upgrading": --takeover, and sockets of a service manager.

load helper

setup() {
	test_begin
	OLD_PID=
}

teardown() {
	if [ -n "$OLD_PID" ]; then
		kill "$OLD_PID" || true
		wait "$OLD_PID" || true
	fi
	test_end
	[ -z "${SITE-}" ] || rm -rf "$SITE"
}

# Other users cannot enter the folders of bats.
site_make() {
	SITE=$(mktemp -d /tmp/wampd-takeover.XXXXXX)
	chmod 777 "$SITE"
	export WAMPD_CONTROL=$SITE/control.sock
}

peer() {
	python3 "$BATS_TEST_DIRNAME/takeover.py" "$@"
}

port_of() {
	awk '$1 == "ws" && $2 !~ /unix/ {
		sub(/.*:/, "", $2); print $2; exit }' "$PORTS"
}

pid_is() {
	[ "$(wamp-call wampd.info 2>/dev/null | jq .pid)" = "$1" ]
}

# take_over [ARGUMENT...]: returns when the new one serves; then OLD_PID is the
# one before.
take_over() {
	OLD_PID=$BROKER_PID
	"$BIN/wampd" --takeover -l 127.0.0.1:0 --ports-file "$PORTS" "$@" \
	    2>>"$BROKER_LOG" 3>&- &
	BROKER_PID=$!
	wait_until pid_is "$BROKER_PID"
}

old_ends() {
	wait "$OLD_PID"
	OLD_PID=
}

@test "--takeover: who connects in a loop is never refused" {
	local port loop

	broker_start
	port=$(port_of)
	peer loop stop "$port" >"$BATS_TEST_TMPDIR/loop" 3>&- &
	loop=$!
	wait_until grep -q begun "$BATS_TEST_TMPDIR/loop"
	cd "$BATS_TEST_TMPDIR"
	for _ in 1 2 3; do
		take_over
		[ "$(port_of)" = "$port" ]
		# What the loop had with the old one is over at once.
		kill -s USR2 "$OLD_PID" || true
		old_ends
	done
	touch "$OLDPWD/stop"
	wait "$loop"
	rm "$OLDPWD/stop"
	run -0 cat "$BATS_TEST_TMPDIR/loop"
	assert_output $'begun\nfailed: 0'
	run -0 grep -c 'handed over to process' "$BROKER_LOG"
	assert_output 3
}

@test "--takeover: events, maintenance and blocks go over without state_dir" {
	broker_start
	wamp-pub --retain t/1 '{"n":1}'
	wamp-pub --retain 't/"2"' '"two"'
	wamp-maint on --for 10m -m 'Soon back'
	wamp-call wampd.block 192.0.2.0/24
	run -10 wamp-maint status
	local before=$output
	take_over
	old_ends
	run -0 wamp-sub -w 20 -C 1 t/1
	assert_output '{"n":1}'
	run -0 wamp-sub -w 20 -C 1 't/"2"'
	assert_output '"two"'
	run -10 wamp-maint status
	assert_output "$before"
	run -0 wamp-call wampd.blocked
	assert_output --partial '"192.0.2.0/24"'
}

@test "maintenance survives kill -9 and a takeover, and ends in time" {
	local state=$BATS_TEST_TMPDIR/state

	mkdir "$state"
	broker_start --state-dir "$state"
	wamp-maint on --for 6s
	kill -s KILL "$BROKER_PID"
	wait "$BROKER_PID" || true
	BROKER_PID=
	rm -f "$WAMPD_CONTROL"
	broker_start --state-dir "$state"
	run -10 wamp-maint status
	take_over --state-dir "$state"
	old_ends
	run -10 wamp-maint status
	assert_output --partial 'on since '
	wait_until sh -c 'wamp-maint status | grep -q ^off'
	run -0 grep -c 'it ends as planned' "$BROKER_LOG"
	assert_output 1
}

# kill_start ARGUMENT...: kill -9, and start again.
kill_start() {
	kill -s KILL "$BROKER_PID"
	wait "$BROKER_PID" || true
	BROKER_PID=
	rm -f "$WAMPD_CONTROL"
	broker_start "$@"
}

@test "--takeover: the log of kept events goes over, or stays" {
	cd "$BATS_TEST_TMPDIR"
	mkdir state
	cat >routes.yml <<-'END'
		a: { channel: a, handler: { callback: all } }
		b: { channel: b, handler: { callback: all } }
		h: { channel: h, handler: { callback: all } }
	END
	cat >wampd.yml <<-'END'
		routes: [routes.yml]
		state_dir: state
		state: { sync: always }
		handlers:
		  all: { type: broadcast, publish: anyone, subscribe: anyone,
		    history: 10 }
	END
	broker_start -c wampd.yml
	wamp-pub --retain a 1
	wamp-pub h '"first"'
	# A takeover that is given up: the old one goes on saving.
	run peer fake "$WAMPD_CONTROL" committed
	wait_until grep -q 'did not take over: going on' "$BROKER_LOG"
	wamp-pub --retain b 2
	wamp-pub h '"second"'
	kill_start -c wampd.yml
	run -0 wamp-sub -C 1 a
	assert_output 1
	run -0 wamp-sub -C 1 b
	assert_output 2
	# The new one goes on with the log.
	take_over -c wampd.yml
	old_ends
	wamp-pub --retain a 3
	wamp-pub h '"third"'
	kill_start -c wampd.yml
	run -0 wamp-sub -C 1 a
	assert_output 3
	run -0 wamp-sub -C 1 b
	assert_output 2
	run -0 wamp-sub --last 10 -C 3 h
	assert_output "$(printf '"%s"\n' first second third)"
	run ! grep -E 'damaged|not kept' "$BROKER_LOG"
}

@test "--takeover: the old one drains, and its sessions stay until then" {
	broker_start
	sub_start -E t
	printf 'drain: { spread: 1h }\n' >"$BATS_TEST_TMPDIR/long.yml"
	wamp-call wampd.info
	OLD_PID=$BROKER_PID
	take_over
	# Sessions of the old control socket end with the old one.
	run -0 wamp-call wampd.info
	assert_output --partial '"draining":false'
	old_ends
	[ -S "$WAMPD_CONTROL" ]
	[ -e "$WAMPD_CONTROL.lock" ]
	[ -e "$PORTS" ]
	read -r pid <"$WAMPD_CONTROL.lock"
	[ "$pid" = "$BROKER_PID" ]
	sub_wait 1 || true
	broker_stop
	[ ! -e "$WAMPD_CONTROL" ]
	[ ! -e "$WAMPD_CONTROL.lock" ]
	[ ! -e "$PORTS" ]
}

@test "--takeover: addresses that only one of them has" {
	broker_start -l "unix:$BATS_TEST_TMPDIR/old.sock"
	take_over -l "unix:$BATS_TEST_TMPDIR/new.sock"
	old_ends
	run -0 grep -c . "$PORTS"
	assert_output 3
	[ -S "$BATS_TEST_TMPDIR/new.sock" ]
	[ ! -e "$BATS_TEST_TMPDIR/old.sock" ]
	[ ! -e "$BATS_TEST_TMPDIR/old.sock.lock" ]
}

@test "--takeover: ports that the kernel chose stay with their addresses" {
	local two=(-l localhost:0 -l localhost:0)

	printf 'http: { listen: "127.0.0.1:0" }\n' \
	    >"$BATS_TEST_TMPDIR/wampd.yml"
	broker_start -c "$BATS_TEST_TMPDIR/wampd.yml" "${two[@]}"
	cp "$PORTS" "$BATS_TEST_TMPDIR/before"
	take_over -c "$BATS_TEST_TMPDIR/wampd.yml" "${two[@]}"
	old_ends
	run -0 diff "$BATS_TEST_TMPDIR/before" "$PORTS"
}

@test "--takeover: a configuration that is wrong changes nothing" {
	broker_start
	echo 'nonsense: 1' >"$BATS_TEST_TMPDIR/wampd.yml"
	run -1 wampd --takeover -c "$BATS_TEST_TMPDIR/wampd.yml"
	assert_output --partial 'wampd.yml:1:1: '
	printf '%s\n' 'state_dir: none' >"$BATS_TEST_TMPDIR/wampd.yml"
	run -1 wampd --takeover -c "$BATS_TEST_TMPDIR/wampd.yml"
	# An address that is somebody else's is found out late.
	run -1 wampd --takeover -l 192.0.2.1:80 --ports-file "$PORTS"
	assert_output --partial 'cannot listen on 192.0.2.1:80'
	pid_is "$BROKER_PID"
	[ -e "$PORTS" ]
	[ -S "$WAMPD_CONTROL" ]
	run -0 wamp-call -u "$WS_URL" wampd.echo 1
	take_over
	old_ends
}

@test "--takeover: without a wampd, there is nothing to take over" {
	run -1 wampd --takeover -l 127.0.0.1:0
	assert_output --partial 'no wampd to take over from at '
}

@test "a process that dies while it takes over changes nothing" {
	local how

	broker_start
	for how in connected begun committed 'wrong word' 'commit first' silent
	do
		run peer fake "$WAMPD_CONTROL" "$how"
		pid_is "$BROKER_PID"
		run -0 wamp-call -u "$WS_URL" wampd.echo 1
	done
	# One that hangs is given up.
	run -0 peer fake "$WAMPD_CONTROL" late
	assert_output --partial 'given up'
	pid_is "$BROKER_PID"
	run -0 wamp-call -u "$WS_URL" wampd.echo 1
	[ -S "$WAMPD_CONTROL" ]
	run -0 grep -c 'did not take over: going on' "$BROKER_LOG"
	assert_output 4
	take_over
	old_ends
}

# answered ANSWER: what --takeover says to that.
answered() {
	local fake

	peer old "$WAMPD_CONTROL" "$1" 3>&- &
	fake=$!
	wait_until test -S "$WAMPD_CONTROL"
	run -1 wampd --takeover -l 127.0.0.1:0
	wait "$fake"
}

@test "--takeover from something else is an error" {
	local none='the old wampd passes no sockets'

	answered nothing
	assert_output --partial 'the old wampd has closed the connection'
	answered 'no WAMP'
	assert_output --partial 'the old wampd sends no WAMP'
	answered '[4,"1","http://example.com/error","no such procedure"]'
	assert_output --partial 'the old wampd refuses: '
	assert_output --partial 'no such procedure'
	answered '[3,"1",{}]'
	assert_output --partial "$none"
	answered '[3,"1",7]'
	assert_output --partial "$none"
	answered '[3,"1",{"sockets":7}]'
	assert_output --partial "$none"
	answered '[3,"1",{"sockets":[{"kind":"ws"}]}]'
	assert_output --partial 'passes fewer sockets than it says'
	answered '[3,"1",{"sockets":[]}]'
	assert_output --partial 'closed the connection'
}

@test "only root and the broker's user may take over" {
	[ "$(id -u)" -eq 0 ] || skip 'only root can be somebody else'
	site_make
	printf 'control: { mode: 666 }\n' >"$BATS_TEST_TMPDIR/wampd.yml"
	broker_start -c "$BATS_TEST_TMPDIR/wampd.yml"
	run -0 setpriv --reuid 65534 --clear-groups /usr/bin/python3 - fake \
	    "$WAMPD_CONTROL" begun <"$BATS_TEST_DIRNAME/takeover.py"
	assert_output --partial 'only root and the user of this wampd may'
	assert_output --partial ' 0'
	run -3 wamp-call -u "$WS_URL" wampd.takeover '{"step":"begin"}'
	run -3 wamp-call wampd.takeover
	run -3 wamp-call wampd.takeover '{"step":"commit"}'
	assert_output --partial 'begin first'
	pid_is "$BROKER_PID"
}

@test "root may replace a broker that has become another user" {
	[ "$(id -u)" -eq 0 ] || skip 'only root can become somebody else'
	site_make
	PORTS=$SITE/ports
	printf 'user: nobody\n' >"$BATS_TEST_TMPDIR/wampd.yml"
	broker_start -c "$BATS_TEST_TMPDIR/wampd.yml"
	take_over -c "$BATS_TEST_TMPDIR/wampd.yml"
	old_ends
	[ "$(stat -c %U "/proc/$BROKER_PID")" = nobody ]
	broker_stop
	[ ! -e "$WAMPD_CONTROL" ]
}

# Not by run, which would wait for all that have its output.
@test "-b returns when the broker serves, and with an error if it fails" {
	local pid

	"$BIN/wampd" -b -l 127.0.0.1:0 --ports-file "$PORTS" 2>>"$BROKER_LOG" \
	    3>&-
	run -0 wamp-call wampd.info
	pid=$(jq .pid <<<"$output")
	"$BIN/wampd" -b --takeover -l 127.0.0.1:0 --ports-file "$PORTS" \
	    2>>"$BROKER_LOG" 3>&-
	run ! pid_is "$pid"
	wait_until process_ended "$pid"
	run -1 "$BIN/wampd" -b -l 127.0.0.1:0
	assert_output --partial 'another wampd is running there'
	pid=$(wamp-call wampd.info | jq .pid)
	kill "$pid"
	wait_until process_ended "$pid"
}

# ---- a service manager ----

@test "sockets of a service manager are used, and stay" {
	local ws=$BATS_TEST_TMPDIR/ws.sock

	peer activate tcp:0 "unix:$ws" "unix:$WAMPD_CONTROL" -- \
	    "$BIN/wampd" -l 127.0.0.1:PORT -l "unix:$ws" \
	    --ports-file "$PORTS" 2>"$BROKER_LOG" 3>&- \
	    >"$BATS_TEST_TMPDIR/port" &
	BROKER_PID=$!
	wait_until test -e "$PORTS"
	WS_URL=ws://127.0.0.1:$(port_of)/
	[ "$(port_of)" = "$(<"$BATS_TEST_TMPDIR/port")" ]
	run -0 wamp-call -u "$WS_URL" wampd.echo 1
	run -0 wamp-call wampd.info
	take_over -l "unix:$ws"
	old_ends
	broker_stop
	# They are the service manager's.
	[ -S "$ws" ]
	[ -S "$WAMPD_CONTROL" ]
	rm "$ws" "$WAMPD_CONTROL"
}

@test "sockets of a service manager that do not fit are an error" {
	local wampd=("$BIN/wampd" -l 127.0.0.1:0)

	run -1 peer activate tcp:0 -- "${wampd[@]}"
	assert_output --partial 'the service manager passes a socket of 127.0'
	run -1 peer activate udp: -- "${wampd[@]}"
	assert_output --partial 'socket 3 is not a stream'
	run -1 peer activate bound: -- "${wampd[@]}"
	assert_output --partial 'socket 3 does not listen'
	LISTEN_FDS=x run -1 peer activate -- "${wampd[@]}"
	assert_output --partial 'LISTEN_FDS: "x" is not a whole number'
	LISTEN_FDS=2000000 run -1 peer activate -- "${wampd[@]}"
	assert_output --partial 'LISTEN_FDS: descriptor 3 is no socket'
	LISTEN_PID=x LISTEN_FDS=1 run -1 "${wampd[@]}"
	assert_output --partial 'LISTEN_PID: '
	[ ! -e "$WAMPD_CONTROL" ]
	# They are for another process.
	LISTEN_PID=1 LISTEN_FDS=1 broker_start
}
