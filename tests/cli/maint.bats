#!/usr/bin/env bats
# wamp-maint(1): the state, who is told, and servers that keep none.

load helper
load fake_server

setup() {
	test_begin
}

teardown() {
	fake_end
	test_end
}

@test "on and off change the state that status tells" {
	broker_start
	run -0 wamp-maint status
	assert_output off
	run -0 wamp-maint on --user-id 7
	refute_output
	run -10 wamp-maint status
	assert_output --regexp '^on since [0-9T:.-]+Z by user 7$'
	run -0 wamp-maint off
	refute_output
	run -0 wamp-maint status
	assert_output off
}

@test "subscribers hear of a change once, and only of a change" {
	broker_start
	sub_start -C 2 oro/maintenance
	wamp-maint on --user-id 7
	run -0 wamp-maint on --user-id 7
	assert_output 'wamp-maint: maintenance was on already'
	wamp-maint off
	run -0 wamp-maint off
	assert_output 'wamp-maint: maintenance was off already'
	run -0 sub_wait
	assert_line --index 0 --partial '"isOn":true'
	assert_line --index 0 --partial '"userId":7'
	assert_line --index 1 --partial '"isOn":false'
}

@test "--json prints what the broker answered" {
	broker_start
	run -0 wamp-maint --json on
	assert_output '{"changed":true,"isOn":true,"delivered":0,"wasOn":false}'
	run -10 wamp-maint --json status
	assert_output --regexp '^\{"isOn":true,"userId":null,"since":".*Z",.*\}$'
}

@test "-v tells how many sessions heard" {
	broker_start
	sub_start oro/maintenance
	run -0 wamp-maint -v on
	assert_line 'wamp-maint: told 1 sessions'
}

@test "a handler that swallows the notice makes it fail" {
	cd "$BATS_TEST_TMPDIR"
	echo "m: { channel: oro/maintenance, handler: m }" >routing.yml
	printf '%s\n' 'routes: [routing.yml]' 'handlers:' \
	    '  m: { type: jq, publish: empty }' >wampd.yml
	broker_start -c wampd.yml
	run -3 wamp-maint on
	assert_output "wamp-maint: the topic's handler left maintenance off"
}

@test "another server gets the event, and its state cannot be known" {
	fake_start ratchet
	run -0 wamp-maint -u "$FAKE" on --user-id 7
	refute_output
	run -0 fake_heard
	assert_output '[7,"oro/maintenance",{"isOn":true,"userId":7}]'
	run -3 wamp-maint -u "$FAKE" status
	assert_output --partial 'Ratchet/0.4.4 keeps no maintenance state'
}

@test "usage errors exit 2 with one line" {
	local arguments

	run -2 wamp-maint
	assert_output 'wamp-maint: need one of on, off and status'
	while read -ra arguments; do
		run -2 wamp-maint "${arguments[@]}"
		assert_output --partial 'wamp-maint: '
		[ "${#lines[@]}" -eq 1 ]
	done <<-'END'
		up
		on off
		status --user-id 1
		on --user-id -1
		on --user-id x
	END
}
