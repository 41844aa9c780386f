#!/usr/bin/env bats
# What examples/cron promises of jobs.

load helper

setup() {
	test_begin
	CRON=${BATS_TEST_DIRNAME%/tests/cli}/examples/cron
	mkdir "$BATS_TEST_TMPDIR/work"
	cd "$BATS_TEST_TMPDIR/work" || return
	cp "$CRON/nightly.sh" .		# the lock is the file's
}

teardown() {
	test_end
}

# commands: those of the crontab, with the folder of the example in PATH.
commands() {
	awk -F '\t' '/^[0-9]/ { print $NF }' "$CRON/wampd-maintenance"
}

@test "the lines of the crontab are right" {
	broker_start
	mkdir bin
	printf '#!/bin/sh\nwamp-maint status\n' >bin/rebuild-index
	chmod +x bin/rebuild-index
	run -0 commands
	[ "${#lines[@]}" -eq 2 ]
	PATH=$CRON:$PATH run -10 bash -c "${lines[0]/\/usr\/local\/sbin/bin}"
	assert_output --regexp '^on since '
	# Whatever the time is now.
	run -0 bash -c "$(commands | sed -n '2s/--at 23:00/--at +1h/p')"
	run wamp-maint status
	assert_output --partial 'Updates at 23:00'
}

@test "nightly.sh ends maintenance with its command, whose status it has" {
	broker_start
	sub_start -C 2 oro/maintenance
	run -7 ./nightly.sh 2h bash -c 'wamp-maint status; exit 7'
	assert_output --regexp 'on since .*until'
	run -0 sub_wait
	assert_line --index 0 --partial '"isOn":true'
	assert_line --index 1 --partial '"isOn":false'
	run -0 wamp-maint status
}

@test "nightly.sh has the status of its command when the broker is gone" {
	broker_start
	run -7 ./nightly.sh 2h bash -c "rm '$WAMPD_CONTROL'; exit 7"
	assert_output --partial 'cannot connect'
}

@test "nightly.sh is ended by the broker when it cannot itself" {
	broker_start
	sub_start -C 2 oro/maintenance
	# shellcheck disable=SC2016	# the command's own parent
	run -137 ./nightly.sh 0.3s bash -c 'kill -KILL $PPID'
	run -0 sub_wait
	assert_line --index 1 --partial '"isOn":false'
}

@test "nightly.sh leaves maintenance of others on" {
	broker_start
	wamp-maint on
	run -0 ./nightly.sh 1s true
	run -10 wamp-maint status
	refute_output --partial until
}

@test "nightly.sh does its work without a broker, and says so" {
	run -0 ./nightly.sh 1h touch was_done
	assert_output --partial 'cannot connect'
	[ -e was_done ]
}

@test "nightly.sh runs once at a time, and has no lock left" {
	broker_start
	run -1 ./nightly.sh 1h ./nightly.sh 1h true
	assert_output --partial 'still at work'
	run -0 wamp-maint status
	run -0 ./nightly.sh 1h true
	run -0 ls
	assert_output nightly.sh
}
