#!/usr/bin/env bats
# wampd(8), "Upgrading": as the first process of a container, and under
# supervisord.

load helper

setup() {
	test_begin
	cd "$BATS_TEST_TMPDIR" || return
}

teardown() {
	if [ -n "${OUTER_PID-}" ]; then
		# unshare itself ignores the signal.
		kill "$OUTER_PID" ${INIT_PID:+"$INIT_PID"} || true
		wait "$OUTER_PID" || true
	fi
	test_end
}

# container: a broker as the first process of a PID namespace;
# INIT_PID is its number out here.
container() {
	[ "$(id -u)" -eq 0 ] || skip 'only root makes a PID namespace'
	unshare --pid --mount-proc --fork true || skip 'no PID namespace'
	unshare --pid --mount-proc --fork --kill-child "$BIN/wampd" \
	    -l 127.0.0.1:0 --ports-file "$PORTS" 2>>"$BROKER_LOG" 3>&- &
	OUTER_PID=$!
	wait_until test -e "$PORTS"
	INIT_PID=$(children_of "$OUTER_PID")
}

has_one_child() {
	[[ $(children_of "$INIT_PID") =~ ^[0-9]+$ ]]
}

@test "as process 1, it stops by signals, and leaves nothing" {
	local signal

	for signal in TERM INT USR2; do
		container
		run -0 wamp-call wampd.info
		kill -s "$signal" "$INIT_PID"
		wait "$OUTER_PID"
		[ ! -e "$WAMPD_CONTROL" ]
		[ ! -e "$PORTS" ]
	done
	OUTER_PID=
}

@test "as process 1, it ends as the broker does" {
	local status=0

	container
	kill -s KILL "$(children_of "$INIT_PID")"
	wait "$OUTER_PID" || status=$?
	[ "$status" -eq 137 ]
	OUTER_PID=
	rm -f "$PORTS" "$WAMPD_CONTROL"
	status=0
	unshare --pid --mount-proc --fork "$BIN/wampd" -l nonsense \
	    2>/dev/null || status=$?
	[ "$status" -eq 2 ]
}

# As "docker exec" makes them: their parent ends before them.
@test "as process 1, it waits for orphans" {
	container
	nsenter --target "$INIT_PID" --pid sh -c 'sleep 0.1 & sleep 0.1 &' 3>&-
	wait_until has_one_child
	run -0 wamp-call wampd.info
}

@test "as process 1, another process cannot take over" {
	container
	run -1 wampd --takeover -l 127.0.0.1:0
	assert_output --partial 'the first process of a container'
	run -0 wamp-call wampd.info
}

@test "under supervisord it runs, restarts and drains; nobody takes over" {
	local pid

	command -v supervisord >/dev/null || skip 'supervisor is missing'
	cat >supervisord.conf <<-END
	[supervisord]
	nodaemon=true
	logfile=$PWD/supervisord.log
	pidfile=$PWD/supervisord.pid
	childlogdir=$PWD
	[unix_http_server]
	file=$PWD/s.sock
	[rpcinterface:supervisor]
	supervisor.rpcinterface_factory =
	    supervisor.rpcinterface:make_main_rpcinterface
	[supervisorctl]
	serverurl=unix://$PWD/s.sock
	[program:wampd]
	command=$BIN/wampd -l 127.0.0.1:0 --ports-file $PORTS
	autorestart=unexpected
	startsecs=0
	stopsignal=USR2
	stopwaitsecs=60
	END
	supervisord -c supervisord.conf >/dev/null 2>&1 3>&- &
	OUTER_PID=$!
	wait_until test -e "$PORTS"
	pid=$(wamp-call wampd.info | jq .pid)
	run -1 wampd --takeover -l 127.0.0.1:0
	assert_output --partial 'runs under supervisord'
	# Killed, it is started again.
	rm "$PORTS"
	kill -s KILL "$pid"
	wait_until test -e "$PORTS"
	[ "$(wamp-call wampd.info | jq .pid)" -ne "$pid" ]
	# It drains, and is not started again.
	run -0 supervisorctl -c supervisord.conf stop wampd
	[ ! -e "$PORTS" ]
	[ ! -e "$WAMPD_CONTROL" ]
}
