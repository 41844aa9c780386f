#!/usr/bin/env bats
# wampd(8): what ends it and what does not, and what it leaves.

load helper

setup() {
	test_begin
}

teardown() {
	test_end
}

assert_nothing_left() {
	[ ! -e "$WAMPD_CONTROL" ]
	[ ! -e "$WAMPD_CONTROL.lock" ]
	[ ! -e "$BATS_TEST_TMPDIR/ws.sock" ]
	[ ! -e "$BATS_TEST_TMPDIR/ws.sock.lock" ]
	[ ! -e "$PORTS" ]
}

@test "the signals that stop it leave nothing behind" {
	local signal

	for signal in TERM INT QUIT XCPU; do
		broker_start -l "unix:$BATS_TEST_TMPDIR/ws.sock"
		[ -S "$WAMPD_CONTROL" ]
		[ -e "$WAMPD_CONTROL.lock" ]
		broker_stop "$signal"
		assert_nothing_left
	done
}

@test "SIGTERM ends it while sessions are open" {
	local out=$BATS_TEST_TMPDIR/out

	broker_start
	socat -u "UNIX-CONNECT:$WAMPD_CONTROL" "CREATE:$out" 3>&- &
	wait_until test -s "$out"
	broker_stop
	wait $!
}

# Except those that no process can catch, those of a fault, which dump core,
# those that stop a process for a while, and two without a name, which the C
# library keeps to itself.
@test "no other signal ends it" {
	local signal name left

	left='KILL|STOP|TSTP|TTIN|SEGV|BUS|FPE|ILL|TRAP|ABRT|SYS'
	left=$left'|TERM|INT|QUIT|XCPU|USR2|HUP'
	broker_start
	for ((signal = 1; signal <= 64; signal++)); do
		name=$(kill -l "$signal")
		[[ ! ${name#SIG} =~ ^($left|)$ ]] || continue
		kill -s "$signal" "$BROKER_PID"
		assert_answers
	done
	broker_stop TERM
	assert_nothing_left
	for signal in 10 14 34 64; do
		run -0 grep -c "signal=$signal ignored" "$BROKER_LOG"
		assert_output 1
	done
}

@test "SIGHUP that was ignored at the start stays ignored" {
	trap '' HUP
	broker_start
	trap - HUP
	kill -s HUP "$BROKER_PID"
	assert_answers
	broker_stop TERM
	run -1 grep 'signal=1 ' "$BROKER_LOG"
}

# What it starts gets the signals as they are by default, and unblocked; but
# for 32 and 33, which make hands on ignored and glibc lets nobody change.
@test "its programs inherit no signal that is ignored" {
	local mask

	cd "$BATS_TEST_TMPDIR"
	echo 'm: { channel: m, handler: masks }' >routing.yml
	cat >masks.sh <<-'END'
	read -r line
	awk '/^Sig(Blk|Ign)/ { print $2 }' /proc/self/status >masks.new
	mv masks.new masks
	END
	cat >wampd.yml <<-'END'
	routes: [routing.yml]
	handlers:
	    masks: { type: exec, command: [sh, masks.sh], subscribe: anyone }
	END
	broker_start -c wampd.yml
	printf '[5,"m"]\n' | socat -t 0 - "UNIX-CONNECT:$WAMPD_CONTROL"
	wait_until test -e masks
	while read -r mask; do
		assert_equal $((0x$mask & ~(3 << 31))) 0
	done <masks
}
