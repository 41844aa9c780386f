#!/usr/bin/env bats
# What the system refuses now and then, the broker survives: it says so, loses
# nothing that it has promised, and goes on when that is over.
#
# A library that is loaded before all others makes calls fail.

load helper

setup_file() {
	gcc -shared -fPIC -o "$BATS_FILE_TMPDIR/faults.so" \
	    "$BATS_TEST_DIRNAME/faults.c" -ldl
}

setup() {
	test_begin
	skip_if_sanitized
	FAULTS=$BATS_TEST_TMPDIR/faults
	printf '........0%023d' 0 >"$FAULTS"
}

teardown() {
	test_end
}

# broker_faulty ARGUMENT...: a broker that meets them.
broker_faulty() {
	export FAULTS LD_PRELOAD=$BATS_FILE_TMPDIR/faults.so
	broker_start "$@"
	unset LD_PRELOAD
}

# fault KIND RATE: from now on one of 10^RATE calls fails; ".": none does.
fault() {
	local kind

	case $1 in
	memory)		kind=0 ;;
	descriptors)	kind=1 ;;
	full)		kind=2 ;;
	broken)		kind=3 ;;
	interrupted)	kind=4 ;;
	short)		kind=5 ;;
	esac
	printf %s "$2" | dd of="$FAULTS" bs=1 seek="$kind" conv=notrunc \
	    status=none
}

# clock SECONDS: the clock of the day is wrong by them.
clock() {
	printf '%-20s' "$1" | dd of="$FAULTS" bs=1 seek=8 conv=notrunc \
	    status=none
}

# stress: what clients do all the time.
stress() {
	local i

	for ((i = 0; i < 20; i++)); do
		wamp-pub -w 5 --retain "topic/$i" "$i" 2>/dev/null || true
		wamp-sub -w 5 -W 1 -C 1 "topic/$i" >/dev/null 2>&1 || true
		wamp-call -w 5 -u "$WS_URL" wampd.echo "$i" >/dev/null 2>&1 ||
		    true
	done
}

# serves: whoever comes now gets what he wants.
serves() {
	[ "$(wamp-call wampd.echo 7)" = '[7]' ] &&
	    [ "$(wamp-call -u "$WS_URL" wampd.echo 8)" = '[8]' ]
}

# numbers N: a subscriber gets N events in order.
numbers() {
	sub_start -C "$1" "${@:2}" news
	seq "$1" | wamp-pub -l news
	sub_wait | cmp - <(seq "$1")
}

@test "it survives when there is no memory" {
	local rate

	broker_faulty
	for rate in 3 2 1 0; do
		fault memory "$rate"
		stress
		fault memory .
		wait_until serves
	done
	numbers 1000
	[ "$(wc -l <"$BROKER_LOG")" -lt 2000 ]
}

@test "without descriptors clients wait, and get in later" {
	local lines

	broker_faulty
	fault descriptors 0
	wamp-call -w 60 wampd.echo 1 >"$BATS_TEST_TMPDIR/one" 3>&- &
	wait_until grep -q 'cannot accept' "$BROKER_LOG"
	lines=$(grep -c 'cannot accept' "$BROKER_LOG")
	fault descriptors .
	wait "$!"
	[ "$(cat "$BATS_TEST_TMPDIR/one")" = '[1]' ]
	[ "$lines" -lt 10 ]
	serves
}

@test "short and interrupted calls lose nothing" {
	local kind

	broker_faulty
	for kind in short interrupted; do
		fault "$kind" 1
		numbers 5000
		numbers 5000 -u "$WS_URL"
		fault "$kind" 0
		[ "$kind" = interrupted ] || numbers 5000 -u "$WS_URL"
		fault "$kind" .
	done
	serves
}

@test "a clock that jumps does not end anything early, or late" {
	local by

	broker_faulty --state-dir "$BATS_TEST_TMPDIR"
	wamp-maint on --for 2h
	for by in 3600 -86400 0; do
		clock "$by"
		run -10 wamp-maint status
		serves
	done
	numbers 100
	wamp-maint off
}
