#!/usr/bin/env bats
# wampd(8): Oro's lock file and the maintenance state, kept in step.

load helper

setup() {
	test_begin
	mkdir "$BATS_TEST_TMPDIR/work"
	cd "$BATS_TEST_TMPDIR/work" || return
	LOCK=$PWD/lock
	echo 'maintenance: { lock_file: lock }' >wampd.yml
}

teardown() {
	test_end
}

lock_is_gone() {
	[ ! -e "$LOCK" ]
}

status_is() {
	[[ $(wamp-maint status || true) == "$1"* ]]
}

@test "the state makes and removes the file" {
	broker_start -c wampd.yml
	wamp-maint on
	[ -f "$LOCK" ]
	[ ! -s "$LOCK" ]
	wamp-maint off
	lock_is_gone
}

@test "whoever makes or removes the file tells everyone" {
	broker_start -c wampd.yml
	sub_start -C 2 oro/maintenance
	touch "$LOCK"
	wait_until status_is on
	rm "$LOCK"
	run -0 sub_wait
	assert_line --index 0 '{"isOn":true,"userId":null}'
	assert_line --index 1 '{"isOn":false,"userId":null}'
}

@test "both at once end in one of the two, together" {
	local i

	broker_start -c wampd.yml
	for ((i = 0; i < 20; i++)); do
		wamp-maint -q on &
		rm -f "$LOCK"
		wait $!
		touch "$LOCK" &
		wamp-maint -q off
		wait $!
	done
	rm -f "$LOCK"
	wait_until status_is off
	lock_is_gone
	touch "$LOCK"
	wait_until status_is on
}

@test "at the start the file counts" {
	mkdir state
	echo "state_dir: $PWD/state" >>wampd.yml
	touch "$LOCK"
	broker_start -c wampd.yml
	wait_until status_is on
	broker_stop
	rm "$LOCK"
	broker_start -c wampd.yml
	wait_until status_is off
}

@test "a folder that is not there is told, and calls fail" {
	echo 'maintenance: { lock_file: none/lock }' >wampd.yml
	broker_start -c wampd.yml
	run -0 grep 'cannot make or remove none/lock: No such' "$BROKER_LOG"
	run -3 wamp-maint on
	assert_output --partial 'cannot make or remove '
	run -0 wamp-maint status
	assert_output off
}

@test "what is no file is neither made nor removed" {
	local fifo=$BATS_TEST_TMPDIR/fifo state

	broker_start
	mkfifo "$fifo"
	for state in on off; do
		run -1 wamp-maint --lock-file "$fifo" "$state"
		assert_output --partial "$fifo is not a regular file"
	done
	[ -p "$fifo" ]
}

@test "ORO_MAINTENANCE_LOCK_FILE_PATH names it where the file does not" {
	export ORO_MAINTENANCE_LOCK_FILE_PATH=$PWD/of_environment
	run -0 wampd -T
	assert_line --partial "lock_file: '$PWD/of_environment'"
	run -0 wampd -T -c wampd.yml
	assert_line --partial "lock_file: '$LOCK'"
	broker_start
	wamp-maint on
	[ -e of_environment ]
}
