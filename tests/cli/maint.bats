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
	assert_output --regexp '^on since [0-9T:-]+[+-][0-9:]{5} by user 7$'
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
	assert_output 'wamp-maint: maintenance was already on'
	wamp-maint off
	run -0 wamp-maint off
	assert_output 'wamp-maint: maintenance was already off'
	run -0 sub_wait
	assert_line --index 0 --partial '"isOn":true'
	assert_line --index 0 --partial '"userId":7'
	assert_line --index 1 --partial '"isOn":false'
}

@test "--json prints what the broker answered" {
	broker_start
	run -0 wamp-maint --json on
	assert_output '{"changed":true,"isOn":true,"delivered":0,'\
'"wasOn":false}'
	run -10 wamp-maint --json status
	assert_output --regexp '^\{"isOn":true,"userId":null,"since":".*Z",'
}

@test "-v tells how many sessions heard" {
	broker_start
	sub_start oro/maintenance
	run -0 wamp-maint -v on
	assert_line 'wamp-maint: told 1 session'
}

@test "a handler that swallows the notice makes it fail" {
	cd "$BATS_TEST_TMPDIR"
	echo "m: { channel: oro/maintenance, handler: m }" >routing.yml
	printf '%s\n' 'routes: [routing.yml]' 'handlers:' \
	    '  m: { type: jq, publish: empty }' >wampd.yml
	broker_start -c wampd.yml
	run -3 wamp-maint on
	assert_output 'wamp-maint: the handler of the topic kept maintenance '\
'off'
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

@test "a broker that takes no calls from afar gets the event" {
	broker_start
	run -3 wamp-maint -u "$WS_URL" status
	assert_output --partial 'state is unknown: no event has been received'
	run -0 wamp-maint -u "$WS_URL" on --user-id 7 --for 0.5h
	refute_output
	run -10 wamp-maint -u "$WS_URL" status
	assert_output --regexp '^on by user 7 until '
	run -10 wamp-maint -u "$WS_URL" status --json
	assert_output --partial '{"isOn":true,"userId":7,"since":null,'
	run -10 wamp-maint status
	assert_output --regexp '^on since [^ ]* by user 7 until '
	run -0 wamp-maint -u "$WS_URL" on
	refute_output
	run -0 wamp-maint -u "$WS_URL" on
	assert_output 'wamp-maint: maintenance was already on'
	run -0 wamp-maint -u "$WS_URL" on -m brb
	refute_output
	run -0 wamp-maint -u "$WS_URL" on -m brb
	assert_output 'wamp-maint: maintenance was already on'
	run -10 wamp-maint status
	refute_output --partial until
	run -3 wamp-maint -u "$WS_URL" on --at +1h
	assert_output --partial '--at needs the control socket'
	run -0 wamp-maint -u "$WS_URL" off --dry-run
	assert_output '[7,"oro/maintenance",{"isOn":false,"userId":null}]'
	run -0 wamp-maint -u "$WS_URL" off
	run -0 wamp-maint status
	assert_output off
}

@test "a broker that lets nobody publish from afar refuses" {
	cd "$BATS_TEST_TMPDIR"
	echo "m: { channel: oro/maintenance, handler: m }" >routing.yml
	printf '%s\n' 'routes: [routing.yml]' 'handlers:' \
	    '  m: { type: broadcast, subscribe: anyone, publish: local }' \
	    >wampd.yml
	broker_start -c wampd.yml
	run -3 wamp-maint -u "$WS_URL" on
	assert_output --partial 'may not publish here'
	printf '%s\n' 'routes: [routing.yml]' 'handlers:' \
	    '  m: { type: broadcast, subscribe: local }' >wampd.yml
	broker_stop
	broker_start -c wampd.yml
	run -3 wamp-maint -u "$WS_URL" status
	assert_output --partial 'state is unknown: no event has been received'
}

# ---- what begins and ends by itself ----

# status_begins TEXT: whether that is how what status prints begins.
status_begins() {
	[[ $(wamp-maint status || true) == "$1"* ]]
}

# Noon, on a day that will come.
NOON='2999-12-24T12:00'

@test "--for ends it by itself" {
	broker_start
	sub_start -C 2 oro/maintenance
	run -0 wamp-maint on --for 0.1 --user-id 7 -m 'back "soon"'
	refute_output
	run -0 sub_wait
	assert_line --index 0 --regexp '^\{"isOn":true,"userId":7,'\
'"message":"back \\"soon\\"","until":"[0-9T:.-]+Z"\}$'
	assert_line --index 1 '{"isOn":false,"userId":7}'
	run -0 wamp-maint status
	assert_output off
}

@test "--at begins it, --until ends it, and status tells both" {
	broker_start
	export TZ=CET-1
	run -0 wamp-maint -v on --at "$NOON" --until 13:30 -m soon
	assert_line "wamp-maint: maintenance will begin at $NOON:00+01:00"
	run -0 wamp-maint status
	assert_output --partial "off, planned from $NOON:00+01:00 until "
	assert_output --partial " until ${NOON%T*}T13:30:00+01:00: \"soon\""
	run -0 wamp-maint status --json
	[ "$(jq -c .planned <<<"$output")" = '{"at":'\
'"2999-12-24T11:00:00.000Z","event":{"isOn":true,"userId":null,'\
'"message":"soon","until":"2999-12-24T12:30:00.000Z"}}' ]
	run -0 wamp-maint on --at +0.1
	wait_until status_begins 'on since '
}

@test "a plan survives a restart" {
	local state=$BATS_TEST_TMPDIR/state

	mkdir "$state"
	echo "state_dir: $state" >"$state/wampd.yml"
	broker_start -c "$state/wampd.yml"
	wamp-maint on --at "$NOON" --for 2h
	broker_stop
	broker_start -c "$state/wampd.yml"
	status_begins "off, planned from $NOON:00"
}

@test "the longest messages, of now and of a plan, are shown" {
	local long
	long=$(printf '%2000s' '' | tr ' ' m)
	broker_start
	wamp-maint on
	wamp-maint off -m "$long"
	run -0 wamp-maint on --at +10h -m "$long"
	refute_output
	run -0 wamp-maint status
	assert_output --partial ": \"$long\""
	run -0 wamp-maint status --json
	assert_output --partial \
	    "\"message\":\"$long\",\"until\":null,\"planned\""
}

@test "status commands no terminal, and takes any year" {
	broker_start
	wamp-pub oro/maintenance '{"isOn":true,"until":"9999-12-31T23:59Z",
		"userId":"'$'\u009b''A","message":"'$'\177\u009b''2J"}'
	TZ=TOT-13 run -10 wamp-maint status
	assert_output --partial ' by user "\u009bA" until 10000-01-01T12:59:00'
	assert_output --partial ': "\u007f\u009b2J"'
	wamp-pub oro/maintenance '{"isOn":true,"userId":[1,
		2]}'
	run -10 wamp-maint status --json
	assert_output --partial '{"isOn":true,"userId":null,'
	assert_equal "${#lines[@]}" 1
}

@test "off cancels what was planned, and on replaces its end" {
	broker_start
	wamp-maint on --at "$NOON"
	run -0 wamp-maint off
	assert_output 'wamp-maint: maintenance was already off; the plan '\
'is cancelled'
	run -0 wamp-maint off
	assert_output 'wamp-maint: maintenance was already off'
	wamp-maint on --until "$NOON"
	run -0 wamp-maint on
	assert_output 'wamp-maint: maintenance was already on; it now '\
'has no end'
	run -10 wamp-maint status
	refute_output --partial until
	run -0 wamp-maint on --until 2999-12-24T22:00
	assert_output --partial \
	    'was already on; it now ends at 2999-12-24T22:00'
	run -3 wamp-maint on --at "$NOON"
	assert_output --partial 'maintenance is on'
}

@test "another server cannot plan" {
	fake_start ratchet
	run -3 wamp-maint -u "$FAKE" on --for 1h
	assert_output --partial 'Ratchet/0.4.4 does not support --at'
	run -0 fake_heard
	refute_output
}

@test "times are taken strictly" {
	local arguments

	while read -ra arguments; do
		run -2 wamp-maint on "${arguments[@]}"
		assert_output --partial "wamp-maint: ${arguments[0]%%=*}"
		[ "${#lines[@]}" -eq 1 ]
	done <<-'END'
		--at tomorrow
		--at 2020-01-01T12:00
		--at 2999-02-29T12:00
		--at 24:00
		--at +0
		--at=
		--until 12
		--until 2020-01-01T12:00Z
		--for 0
		--for -1
		--for 1y
		--for 99999999d
	END
	run -2 wamp-maint on --at 2999-01-02T00:00 --until 2999-01-01T00:00
	assert_output --partial 'is before the beginning'
	run -2 wamp-maint on --for 1h --until +1h
	assert_output --partial 'exclude each other'
	TZ=UTC0 run -2 wamp-maint on --at 00:00:00.000
	assert_output --partial 'has passed: write a date too'
}

# ---- without changing anything ----

@test "--dry-run prints what would be sent" {
	broker_start
	run -0 wamp-maint on --dry-run --at 2999-12-24T12:00Z -m x --user-id 7
	assert_output '[2,"1","wampd.maintenance.set",true,7,'\
'{"message":"x","at":"2999-12-24T12:00:00.000Z"}]'
	run -0 wamp-maint off --dry-run --lock-file "$BATS_TEST_TMPDIR/lock"
	assert_line '[2,"1","wampd.maintenance.set",false,null]'
	assert_line --partial 'maintenance is already off'
	run -0 wamp-maint status
	assert_output off
	fake_start ratchet
	run -0 wamp-maint -u "$FAKE" on --dry-run -m x
	assert_output '[7,"oro/maintenance",{"isOn":true,"userId":null,'\
'"message":"x"}]'
	run -0 fake_heard
	refute_output
}

# ---- watch ----

watch_start() {
	WATCHED=$BATS_TEST_TMPDIR/watched
	wamp-maint watch "$@" >"$WATCHED" 2>"$WATCHED.err" 3>&- &
	WATCH_PID=$!
}

has_lines() {
	[ "$(wc -l <"$1")" -ge "$2" ]
}

# watched LINES: wait for so many.
watched() {
	wait_until has_lines "$WATCHED" "$1"
}

watch_stop() {
	local status=0

	kill -s "$1" "$WATCH_PID"
	wait "$WATCH_PID" || status=$?
	return "$status"
}

@test "watch prints the state, and each change once" {
	local status=0

	broker_start
	watch_start
	watched 1
	wamp-maint on --user-id 7 -m now
	watched 2
	wamp-maint -q on
	wamp-maint off
	watched 3
	watch_stop TERM || status=$?
	[ "$status" -eq 143 ]
	run -0 cat "$WATCHED"
	assert_line --index 0 off
	assert_line --index 1 --regexp '^on since [^ ]+ by user 7: "now"$'
	assert_line --index 2 off
	[ "${#lines[@]}" -eq 3 ]
}

@test "watch --json prints objects" {
	broker_start
	wamp-maint on
	watch_start --json
	watched 1
	wamp-maint off
	watched 2
	watch_stop TERM || true
	run -0 jq -rs '.[] | "\(keys | join(",")) \(.isOn)"' "$WATCHED"
	assert_line --index 0 'isOn,message,since,until,userId true'
	assert_line --index 1 'isOn,message,since,until,userId false'
}

@test "watch knows where a broker tells it, and comes back to it" {
	local work=$BATS_TEST_TMPDIR

	printf '%s\n' "state_dir: $work" 'maintenance: { topic: other }' \
	    >"$work/wampd.yml"
	broker_start -c "$work/wampd.yml"
	watch_start --retry-delay 0.01
	watched 1
	wamp-maint on
	watched 2
	broker_stop
	broker_start -c "$work/wampd.yml"
	wamp-maint off
	watched 3
	watch_stop TERM || true
	run -0 cut -d ' ' -f 1 "$WATCHED"
	assert_output $'off\non\noff'
}

@test "watch sees it from afar" {
	broker_start
	wamp-maint on
	watch_start -u "$WS_URL"
	watched 1
	wamp-maint off
	watched 2
	watch_stop TERM || true
	run -0 cut -d ' ' -f 1 "$WATCHED"
	assert_output $'on\noff'
}

@test "watch ends where nobody reads it, and where the disk is full" {
	broker_start
	run -141 bash -c 'exec 3> >(:); wait $!; exec wamp-maint watch >&3'
	run -1 bash -c 'wamp-maint watch >/dev/full'
	assert_output --partial 'cannot write to stdout'
}

# ---- Oro's lock file ----

@test "--lock-file is made and removed with it" {
	local lock=$BATS_TEST_TMPDIR/lock

	broker_start
	run -0 wamp-maint on --lock-file "$lock"
	[ -e "$lock" ]
	rm "$lock"
	run -0 wamp-maint on --lock-file "$lock"
	assert_output 'wamp-maint: maintenance was already on'
	[ -e "$lock" ]
	run -0 wamp-maint off --lock-file "$lock"
	[ ! -e "$lock" ]
	run -1 wamp-maint on --lock-file "$lock/none"
	assert_output --partial "cannot make $lock/none: No such file"
	run -0 wamp-maint status
	run -2 wamp-maint on --for 1m --lock-file "$lock"
	assert_output --partial 'maintenance.lock_file of wampd.yml'
}

@test "users that cannot be told are not locked out" {
	local lock=$BATS_TEST_TMPDIR/lock

	run -5 wamp-maint on --lock-file "$lock"
	[ ! -e "$lock" ]
	touch "$lock"
	run -5 wamp-maint off --lock-file "$lock"
	[ ! -e "$lock" ]
	cd "$BATS_TEST_TMPDIR"
	echo "m: { channel: oro/maintenance, handler: m }" >routing.yml
	printf '%s\n' 'routes: [routing.yml]' 'handlers:' \
	    '  m: { type: jq, publish: empty }' >wampd.yml
	broker_start -c wampd.yml
	run -3 wamp-maint on --lock-file "$lock"
	[ ! -e "$lock" ]
}

@test "usage errors exit 2 with one line" {
	local arguments

	run -2 wamp-maint
	assert_output 'wamp-maint: need one of on, off, run, status and watch'
	run -2 wamp-maint watsh
	assert_output --partial 'did you mean watch'
	while read -ra arguments; do
		run -2 wamp-maint "${arguments[@]}"
		assert_output --partial 'wamp-maint: '
		[ "${#lines[@]}" -eq 1 ]
	done <<-'END'
		up
		on off
		status --user-id 1
		status --dry-run
		watch -m x
		watch --lock-file x
		off --at +10m
		off --until +10m
		off --for 10m
		on --user-id -1
		on --user-id x
		on -m
		on --lock-file=
	END
	run -2 wamp-maint on -m "$(printf '%3000s' x)"
	assert_output --partial 'longer than 2048 bytes'
	run -2 wamp-maint on -m $'\xff'
	[ "${#lines[@]}" -eq 1 ]
}
