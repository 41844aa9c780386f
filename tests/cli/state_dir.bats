#!/usr/bin/env bats
# wampd(8): what it keeps on disk, and disks that fail.

load helper

setup() {
	test_begin
	mkdir "$BATS_TEST_TMPDIR/work"
	cd "$BATS_TEST_TMPDIR/work" || return
	mkdir state
	echo 'state_dir: state' >wampd.yml
}

teardown() {
	test_end
}

@test "whoever turns it off learns that this is not kept" {
	broker_start -c wampd.yml
	wamp-maint on
	rm -r state
	run -1 wamp-maint off
	assert_output --partial 'is off, but that could not be saved'
	assert_output --partial 'state/maintenance.json: cannot'
	run -1 --separate-stderr wamp-maint --json off
	run -0 jq -e '.isOn == false and .unsaved[0]' <<<"$output"
	run -0 grep -c "maintenance state: .*; wampd will try again" \
	    "$BROKER_LOG"
	assert_output 1
	mkdir state
	wait_until test -e state/maintenance.json
	run -0 wamp-call wampd.maintenance.get
	refute_output --partial unsaved
	broker_stop KILL || [ $? -eq 137 ]
	broker_start -c wampd.yml
	run -0 wamp-maint status
	assert_output off
}

# A limit of a file's size fails as a full disk does.
@test "a disk that is full keeps the old state, and says so" {
	local message

	message=$(printf '%02000d' 0)
	broker_start -q -c wampd.yml
	wamp-maint on
	prlimit --fsize=1024: --pid "$BROKER_PID"
	run -1 wamp-maint -m "$message" on
	assert_output --partial 'could not be saved'
	run -0 jq -e '.[1].isOn' state/maintenance.json
	run -0 ls state
	assert_output maintenance.json
	prlimit --fsize=unlimited: --pid "$BROKER_PID"
	wait_until grep -q "$message" state/maintenance.json
}

@test "a file that is not a state is set aside, and -t leaves it" {
	echo damaged >state/maintenance.json
	run -0 wampd -t -c wampd.yml
	assert_output --partial 'it does not hold a maintenance state'
	run -0 ls state
	assert_output maintenance.json
	broker_start -c wampd.yml
	run -0 wamp-maint status
	run -0 cat state/maintenance.json.bad
	assert_output damaged
	wamp-maint on
	broker_stop
	grep -q 'was set aside as state/maintenance.json.bad$' "$BROKER_LOG"
	run -0 jq -e '.[1].isOn' state/maintenance.json
}

@test "a pipe in its place holds nothing up" {
	mkfifo state/maintenance.json
	run -0 timeout 60 wampd -t -c wampd.yml
	broker_start -c wampd.yml
	wamp-maint on
	[ -p state/maintenance.json.bad ]
	[ -f state/maintenance.json ]
}

@test "a broker that is killed while it writes leaves nothing for long" {
	for _ in {1..10}; do
		broker_start -c wampd.yml
		(
			trap '' PIPE
			while wamp-maint on && wamp-maint off; do
				:
			done
		) >/dev/null 2>&1 3>&- &
		wait_until test -e state/maintenance.json
		broker_stop KILL || [ $? -eq 137 ]
		wait $! || true
	done
	broker_start -c wampd.yml
	run -0 ls -A state
	assert_output maintenance.json
}

# ---- the ports file ----

@test "a ports file that is a pipe waits for its reader, and nobody else" {
	mkfifo ports
	wampd -l 127.0.0.1:0 -S "$WAMPD_CONTROL" --ports-file ports \
	    2>>"$BROKER_LOG" 3>&- &
	BROKER_PID=$!
	wait_until wamp-call wampd.info
	run -0 cat ports
	assert_line --regexp '^ws 127\.0\.0\.1:[0-9]+$'
	assert_line "control $WAMPD_CONTROL"
	broker_stop
	[ -p ports ]
}

@test "the ports file goes when the broker stops, if it is its own" {
	broker_start
	[ -f "$PORTS" ]
	broker_stop
	[ ! -e "$PORTS" ]
	broker_start
	echo another >other
	mv other "$PORTS"
	broker_stop
	[ -e "$PORTS" ]
}

# ---- the lock file ----

@test "a lock file that is a link to nowhere refuses on" {
	echo 'maintenance: { lock_file: lock }' >wampd.yml
	ln -s nowhere lock
	broker_start -c wampd.yml
	grep -q 'cannot make .*lock: it is a dangling link' \
	    "$BROKER_LOG"
	run -3 wamp-maint on
	assert_output --partial 'it is a dangling link'
	run -0 wamp-maint status
	assert_output off
	run -1 wamp-maint --lock-file lock on
	assert_output --partial 'it is a dangling link'
	rm lock
	wamp-maint on
	[ -f lock ]
}
