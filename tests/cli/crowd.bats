#!/usr/bin/env bats
# Sessions in great numbers: what each costs, counted, and that it does not
# depend on how many there are.

load helper

setup() {
	test_begin
}

teardown() {
	test_end
}

# allow_files: as many as this machine permits, 110000 if it can be; sets
# CROWD, how many sessions that is enough for.
allow_files() {
	# Only who may, may.
	ulimit -n 110000 2>/dev/null || ulimit -n "$(ulimit -Hn)"
	CROWD=$(ulimit -n)
	[ "$CROWD" != unlimited ] || CROWD=110000
	CROWD=$((CROWD - 200))
	[ "$CROWD" -le 100000 ] || CROWD=100000
}

resident() {
	awk '/^VmRSS:/ { print $2 * 1024 }' "/proc/$BROKER_PID/status"
}

resident_at_most() {
	[ "$(resident)" -le "$1" ]
}

figure() {
	awk -v name="$1" '$1 == name { print $2; found = 1 }
	    END { exit !found }' <<<"$output"
}

# What a session may take: 508 bytes were measured.
CEILING=700

@test "100000 idle sessions take $CEILING bytes at most, and give them back" {
	skip_if_sanitized
	allow_files
	[ "$CROWD" -eq 100000 ] ||
	    echo "# $CROWD sessions: no more descriptors here" >&3
	broker_start --log-level warning
	local before

	before=$(resident)
	run -0 wamp-bench idle -q -u "$WS_URL" --clients "$CROWD" \
	    --pid "$BROKER_PID"
	[ "$(figure clients)" -eq "$CROWD" ]
	echo "# $(figure bytes_per_session) bytes a session" >&3
	[ "$(figure bytes_per_session)" -le "$CEILING" ]
	# Without the crowd's memory: a tenth and 1 MiB may stay.
	wait_until resident_at_most \
	    $((before + CROWD * CEILING / 10 + 1048576))
}

broker_says() {
	grep -q "$1" "$BROKER_LOG"
}

naps() {
	awk '/^voluntary_ctxt/ { print $2 }' "/proc/$BROKER_PID/status"
}

napped_more_than() {
	[ "$(naps)" -gt "$1" ]
}

# Who spins on the sockets that it cannot accept never sleeps.
@test "without descriptors the broker sleeps, and who waits gets in later" {
	local bench

	broker_start --log-level warning
	prlimit --pid "$BROKER_PID" --nofile=300:300
	wamp-bench idle -q -u "$WS_URL" --clients 600 3>&- &
	bench=$!
	wait_until broker_says 'cannot accept connections: Too many open'
	wait_until napped_more_than "$(($(naps) + 5))"
	kill "$bench"
	run -0 wamp-bench idle -q -u "$WS_URL" --clients 200
	[ "$(grep -c 'cannot accept' "$BROKER_LOG")" -eq 1 ]
}

# Programs and files need some as well.
@test "without descriptors local peers, programs and the state go on" {
	local bench

	cd "$BATS_TEST_TMPDIR" || return
	mkdir state
	cat >wampd.yml <<-'END'
		state_dir: state
		handlers:
		  oro.maintenance: { type: broadcast }
		  child:
		    type: exec
		    publish: anyone
		    command: [jq, -c, --unbuffered,
		        'select(.id) | {id, allow: true}']
	END
	cat >routes.yml <<-'END'
		child: { channel: child, handler: child }
		notice: { channel: oro/maintenance, handler: oro.maintenance }
	END
	broker_start -c wampd.yml -r routes.yml --log-level warning
	prlimit --pid "$BROKER_PID" --nofile=300:300
	wamp-bench idle -q -w 60 -u "$WS_URL" --clients 600 3>&- &
	bench=$!
	wait_until broker_says 'cannot accept connections: Too many open'
	run -0 wamp-call wampd.info
	run -0 wamp-maint on
	run -0 grep -q true state/maintenance.json
	run -0 wamp-pub child 1
	kill "$bench"
	[ "$(grep -c 'Too many open' "$BROKER_LOG")" -eq 1 ]
}

# instructions SESSIONS: what the broker executes from start to end when so
# many come at once and leave.
instructions() {
	broker_start --log-level warning
	wamp-bench storm -q -u "$WS_URL" --clients "$1" >/dev/null
	broker_stop
	awk '/Collected/ { n = $NF } END { print n }' "$BROKER_LOG"
}

@test "a session of 2400 at once costs what one of 600 does" {
	local few many more wampd=$BIN/wampd

	skip_if_sanitized
	mkdir "$BATS_TEST_TMPDIR/bin"
	printf '#!/bin/sh\nexec valgrind --tool=callgrind %s "%s" "$@"\n' \
	    --callgrind-out-file=/dev/null "$wampd" \
	    >"$BATS_TEST_TMPDIR/bin/wampd"
	chmod +x "$BATS_TEST_TMPDIR/bin/wampd"
	BIN=$BATS_TEST_TMPDIR/bin
	ulimit -n 3000
	few=$(instructions 600)
	many=$(instructions 1200)
	more=$(instructions 2400)
	few=$(((many - few) / 600)) many=$(((more - many) / 1200))
	echo "# $few and $many instructions a session" >&3
	[ "$few" -gt 0 ]
	# How many turns they take differs with what else the machine does.
	[ $((many * 10)) -le $((few * 13)) ]
}
