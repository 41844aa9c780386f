#!/usr/bin/env bats
# wampd(8): kept events survive kill -9, damaged files and full disks.

load helper

KILLS=${WAMP_KILLS:-5}	# before test_begin unsets it
SLOW=${WAMP_TEST_SLOW:-1}

setup() {
	test_begin
	mkdir "$BATS_TEST_TMPDIR/work"
	cd "$BATS_TEST_TMPDIR/work" || return
	mkdir state
}

teardown() {
	umount -l "$BATS_TEST_TMPDIR/work/state" 2>/dev/null || true
	test_end
}

# configure SYNC
configure() {
	cat >wampd.yml <<-EOF
		state_dir: state
		state: { sync: $1 }
	EOF
}

killed() {
	broker_stop KILL || [ $? -eq 137 ]
}

# retained TOPIC: its event.  A topic may have lost it rightly.
retained() {
	timeout "$((5 * SLOW))" wamp-sub -C 1 "$1"
}

@test "retained events survive a stop and a kill" {
	configure always
	broker_start -c wampd.yml
	wamp-pub --retain a 1
	wamp-pub --retain b '{"x":"y"}'
	killed
	broker_start -c wampd.yml
	run -0 retained a
	assert_output 1
	configure 1h
	broker_stop
	broker_start -c wampd.yml
	wamp-pub --retain a 2
	broker_stop
	broker_start -c wampd.yml
	run -0 retained a
	assert_output 2
	run -0 retained b
	assert_output '{"x":"y"}'
	[ "$(stat -c %a state/events.log)" = 600 ]
}

# publish SECONDS: event after event on one of 20 topics, and write down which
# were acknowledged: number, topic and time.
publish() {
	local n=$1

	while n=$((n + 1)); do
		wamp-pub --retain "t$((n % 20))" "$n" || break
		echo "$n $((n % 20)) $EPOCHREALTIME"
	done >>acknowledged 2>/dev/null
}

# flood: large events, as fast as they go, so that the log is replaced often.
flood() {
	local large

	large=$(printf '"%02000d"' 0)
	wamp-pub -q --retain --repeat 1000000 --rate 2000 large "$large" ||
	    true
}

# all_retained: topic and event, for all topics.
all_retained() {
	local i

	for i in {0..19}; do
		grep -q " $i " acknowledged && echo "$i $(retained "t$i")"
	done
	return 0
}

# check BOUND TIME: each topic has an event that is not older than the last one
# that was acknowledged so many seconds before the time of the kill; BOUND
# never: than the last one.
check() {
	all_retained >found
	awk -v bound="$1" -v killed="$2" '
	FILENAME == "found" { found[$1] = $2; next }
	bound == "never" || $3 <= killed - bound { want[$2] = $1 }
	END {
		for (t in want)
			if (found[t] + 0 < want[t] + 0) {
				print "topic " t " has " found[t] \
				    " instead of " want[t]
				failed = 1
			}
		exit failed
	}' found acknowledged
}

# clean_start: it finds the files as a killed broker may leave them.
clean_start() {
	broker_start -c wampd.yml
	run -1 grep -E 'damaged|larger|not kept' "$BROKER_LOG"
	[ ! -e state/events.log.bad ]
	[ "$(stat -c %s state/events.log 2>/dev/null || echo 0)" -lt 30000000 ]
}

# kills SYNC BOUND: kill it under load at random moments, KILLS times.
kills() {
	local kill last=0 at publisher loader

	configure "$1"
	: >acknowledged
	for ((kill = 0; kill < KILLS; kill++)); do
		clean_start
		[ "$kill" = 0 ] || check "$2" "$at"
		: >acknowledged
		publish "$last" 3>&- &
		publisher=$!
		flood 3>&- 2>/dev/null &
		loader=$!
		wait_until test -s acknowledged
		sleep "$((RANDOM % 2)).$(printf %03d $((RANDOM % 1000)))"
		at=$EPOCHREALTIME
		killed
		wait "$publisher" "$loader" || true
		last=$(tail -n 1 acknowledged | cut -d ' ' -f 1)
	done
	clean_start
	check "$2" "$at"
}

@test "kill -9 at any time loses at most the last second" {
	kills 1s "$SLOW"
}

@test "kill -9 loses no acknowledged event with state.sync: always" {
	kills always never
}

@test "a folder that another broker uses is refused" {
	configure 1s
	broker_start -c wampd.yml
	run -1 wampd -l 127.0.0.1:0 -S other.sock -c wampd.yml
	assert_output --partial 'state: another wampd uses it'
}

@test "a disk that is full: publishers are told, and nothing is lost" {
	[ "$(id -u)" -eq 0 ] || skip 'needs root'
	mount -t tmpfs -o size=64k none state 2>/dev/null || skip 'no mount'
	configure always
	broker_start -c wampd.yml
	wamp-pub --retain a '"before"'
	head -c 100000 /dev/zero >state/large 2>/dev/null || true
	run -3 wamp-pub --retain b "\"$(printf '%010000d' 0)\""
	assert_output --partial 'No space left on device'
	run -0 wamp-call wampd.info
	assert_output --partial '"unsaved":["'
	rm state/large
	wait_until wamp-pub --retain c '"after"'
	killed
	broker_start -c wampd.yml
	run -0 retained b
	[ "${#output}" -eq 10002 ]
}
