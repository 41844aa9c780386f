#!/usr/bin/env bats
# What wampd tells a service manager: systemd's Type=notify and WatchdogSec.

load helper

setup() {
	test_begin
	HEARD=$BATS_TEST_TMPDIR/heard
}

teardown() {
	if [ -n "${MANAGER_PID:-}" ]; then
		kill "$MANAGER_PID"
		kill -CONT "$MANAGER_PID"
		wait "$MANAGER_PID" || true
	fi
	test_end
}

# manager_start ADDRESS PATTERN: a service manager that writes down what it is
# told; returns when the kernel lists a socket of that pattern.
manager_start() {
	socat -u "$1" OPEN:"$HEARD",creat,append 3>&- &
	MANAGER_PID=$!
	wait_until grep -q "$2\$" /proc/net/unix
}

assert_heard() {
	wait_until grep -qE "$1" "$HEARD"
}

@test "READY=1 when it listens, STOPPING=1 when it stops" {
	local -x NOTIFY_SOCKET=$BATS_TEST_TMPDIR/notify
	manager_start UNIX-RECV:"$NOTIFY_SOCKET" "$NOTIFY_SOCKET"
	broker_start
	assert_heard '^READY=1$'
	broker_stop
	assert_heard '^READY=1STOPPING=1$'
}

@test "an abstract socket is one too" {
	local name=wampd-test-$BASHPID

	local -x NOTIFY_SOCKET=@$name
	manager_start "ABSTRACT-RECV:$name" "@$name"
	broker_start
	assert_heard '^READY=1$'
}

@test "WATCHDOG=1 comes again and again, but only to whom it is due" {
	local -x NOTIFY_SOCKET=$BATS_TEST_TMPDIR/notify
	manager_start UNIX-RECV:"$NOTIFY_SOCKET" "$NOTIFY_SOCKET"
	WATCHDOG_USEC=20000 broker_start
	assert_heard '^READY=1(WATCHDOG=1){3}'
	broker_stop
	: >"$HEARD"
	WATCHDOG_USEC=20000 WATCHDOG_PID=1 broker_start
	broker_stop
	assert_heard '^READY=1STOPPING=1$'
}

@test "a manager that stops reading holds nobody up" {
	local -x NOTIFY_SOCKET=$BATS_TEST_TMPDIR/notify

	manager_start UNIX-RECV:"$NOTIFY_SOCKET" "$NOTIFY_SOCKET"
	kill -STOP "$MANAGER_PID"
	WATCHDOG_USEC=2000 broker_start
	wait_until grep -q 'cannot tell the service manager' "$BROKER_LOG"
	# A second each would be more than a test may take.
	for _ in {1..30}; do
		wamp-call wampd.info >/dev/null
	done
}

@test "a manager that is not there, or no address, is only a warning" {
	NOTIFY_SOCKET=$BATS_TEST_TMPDIR/none broker_start
	broker_stop
	run -0 grep 'cannot tell the service manager: ' "$BROKER_LOG"
	NOTIFY_SOCKET=relative WATCHDOG_USEC=x broker_start
	run -0 grep 'NOTIFY_SOCKET: relative is not ' "$BROKER_LOG"
	run -0 grep 'WATCHDOG_USEC: "x" is not a whole number' "$BROKER_LOG"
}
