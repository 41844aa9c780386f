#!/usr/bin/env bats
# wamp-maint(1): run, which turns maintenance off whatever becomes of a command.

# shellcheck disable=SC2016	# the commands' own variables

load helper
load fake_server

setup() {
	test_begin
}

teardown() {
	fake_end
	test_end
}

# run_start ARGUMENT...: wamp-maint in the background, until its command has
# made the file "begun".
run_start()
{
	BEGUN=$BATS_TEST_TMPDIR/begun
	rm -f "$BEGUN"
	# A shell in the background would ignore SIGINT for it.
	env --default-signal=INT wamp-maint "$@" \
	    >"$BATS_TEST_TMPDIR/run.out" 2>&1 3>&- &
	RUN_PID=$!
	wait_until test -e "$BEGUN"
}

# run_wait: its status.
run_wait()
{
	local status=0

	wait "$RUN_PID" || status=$?
	cat "$BATS_TEST_TMPDIR/run.out"
	return "$status"
}

is_off()
{
	[ "$(wamp-maint status)" = off ]
}

@test "maintenance is on while the command runs, whose status is passed on" {
	broker_start
	sub_start -C 2 oro/maintenance
	run -7 wamp-maint run --user-id 7 -m 'back "soon"' -- \
	    bash -c 'wamp-maint status; echo "$1"; exit 7' - '--for'
	assert_line --index 0 --regexp '^on since [^ ]+ by user 7: "back '
	assert_line --index 1 -- --for
	[ "${#lines[@]}" -eq 2 ]
	run -0 sub_wait
	assert_line --index 0 --partial '{"isOn":true,"userId":7,"message":'
	assert_line --index 1 '{"isOn":false,"userId":7}'
	is_off
	run -0 wamp-maint run true
	refute_output
}

@test "the command has stdin, stdout and environment, no signal of ours" {
	broker_start
	export THIS=that
	run -0 bash -c "echo in | wamp-maint run -- sh -c 'cat; echo \$THIS
		grep -E \"^Sig(Blk|Ign)\" /proc/self/status'"
	assert_line --index 0 in
	assert_line --index 1 that
	assert_line --regexp '^SigBlk:.0+$'
	# Whatever bats ignores, the pipe's signal is not among it.
	assert_line --regexp '^SigIgn:.*[0-9a-f][0-9a-f][02468ace]...$'
	run -0 bash -c "trap '' CHLD; exec wamp-maint run -- true"
}

@test "a command that cannot be run leaves no maintenance" {
	broker_start
	run -127 wamp-maint run -- no-such-command
	assert_output 'wamp-maint: no-such-command: No such file or directory'
	is_off
	echo >"$BATS_TEST_TMPDIR/file"
	run -126 wamp-maint run -- "$BATS_TEST_TMPDIR/file"
	assert_output --partial 'Permission denied'
	is_off
}

@test "a command that is killed leaves no maintenance" {
	broker_start
	run -137 wamp-maint run -- bash -c 'kill -KILL $$'
	is_off
	run -143 wamp-maint run -- bash -c 'kill -TERM $$'
	is_off
}

@test "signals are passed on, and the command's end is waited for" {
	local signal status

	broker_start
	for signal in INT TERM HUP; do
		run_start run -- bash -c '
			trap "echo got; exit 9" '"$signal"'
			touch "$1"
			while :; do read -r -t 0.05 <> <(:); done' - \
		    "$BATS_TEST_TMPDIR/begun"
		kill -s "$signal" "$RUN_PID"
		status=0
		run_wait || status=$?
		assert_equal "$status" 9
		grep -qx got "$BATS_TEST_TMPDIR/run.out"
	done
	is_off
}

@test "ended by a signal, it has that for a status, and is off" {
	local status=0

	broker_start
	run_start run -- bash -c 'touch "$1"; exec tail -f /dev/null' - \
	    "$BATS_TEST_TMPDIR/begun"
	kill -s TERM "$RUN_PID"
	run_wait || status=$?
	assert_equal "$status" 143
	is_off
}

@test "with --for the broker ends it when wamp-maint is killed" {
	broker_start
	sub_start -C 2 oro/maintenance
	run -137 wamp-maint run --for 0.3 -- bash -c 'kill -KILL $PPID'
	run -0 sub_wait
	assert_line --index 0 --partial '"until":"'
	assert_line --index 1 --partial '{"isOn":false'
}

@test "maintenance of others stays on, with its end" {
	broker_start
	wamp-maint on --user-id 5 --until 2999-12-24T12:00
	run -3 wamp-maint run --for 1s -m mine -- sh -c 'exit 3'
	assert_output 'wamp-maint: maintenance is already on, and stays on '\
'after the command'
	run -10 wamp-maint status
	assert_output --regexp 'by user 5 until 2999-12-24T12:00:00[^ ]*$'
}

@test "a plan that it replaces is named" {
	broker_start
	wamp-maint on --at 2999-12-24T12:00
	run -0 wamp-maint run -- true
	assert_output --partial 'the plan for 2999-12-24T12:00:00'
	is_off
}

@test "a broker that starts again meanwhile is told" {
	local state=$BATS_TEST_TMPDIR/state

	mkdir "$state"
	echo "state_dir: $state" >"$state/wampd.yml"
	broker_start -c "$state/wampd.yml"
	run_start run --retry 1000 --retry-delay 0.02 -- bash -c \
	    'touch "$1"
	    until [ -e "$2" ]; do read -r -t 0.05 <> <(:) || :; done' \
	    - "$BATS_TEST_TMPDIR/begun" "$state/go"
	broker_stop
	touch "$state/go"
	wait_until grep -q 'next try' "$BATS_TEST_TMPDIR/run.out"
	broker_start -c "$state/wampd.yml"
	run_wait
	is_off
}

@test "a broker that stays away is given up, and that is said" {
	broker_start
	run -5 wamp-maint run --retry-max-time 0.1 --retry-delay 0.02 -- \
	    rm "$WAMPD_CONTROL"
	assert_line --partial 'next try in'
	assert_line --regexp \
	    '^wamp-maint: maintenance was not turned off: cannot connect'
	broker_stop
	broker_start
	run -7 wamp-maint run --retry-max-time 0.1 --retry-delay 0.02 -- \
	    bash -c "rm '$WAMPD_CONTROL'; exit 7"
	assert_line --partial 'maintenance was not turned off: cannot connect'
}

@test "without a broker, or one that refuses, the command is not run" {
	cd "$BATS_TEST_TMPDIR"
	run -5 wamp-maint run -- touch ran
	[ ! -e ran ]
	echo "m: { channel: oro/maintenance, handler: m }" >routing.yml
	printf '%s\n' 'routes: [routing.yml]' 'handlers:' \
	    '  m: { type: jq, publish: empty }' >wampd.yml
	broker_start -c wampd.yml
	run -3 wamp-maint run -- touch ran
	[ ! -e ran ]
}

@test "Oro's lock file is there while the command runs" {
	local lock=$BATS_TEST_TMPDIR/lock

	broker_start
	run -0 wamp-maint run --lock-file "$lock" -- ls "$lock"
	assert_output "$lock"
	[ ! -e "$lock" ]
	run -127 wamp-maint run --lock-file "$lock" -- no-such-command
	[ ! -e "$lock" ]
}

@test "other servers get both events, and so does wampd from afar" {
	fake_start ratchet
	run -0 wamp-maint -u "$FAKE" run --user-id 7 -- true
	refute_output
	run -0 fake_heard
	assert_output --partial \
	    '[7,"oro/maintenance",{"isOn":false,"userId":7}]'
	broker_start
	run -10 wamp-maint -u "$WS_URL" run -- wamp-maint status
	is_off
}

@test "run is used rightly" {
	local arguments

	while read -ra arguments; do
		run -2 wamp-maint "${arguments[@]}"
		[ "${#lines[@]}" -eq 1 ]
	done <<-'END'
		run
		run --
		run --at +1h -- true
		run --at +1h --warn 1m -- true
		run --json -- true
		run --dry-run -- true
		run true --force
		run --for 1h --lock-file x -- true
	END
}
