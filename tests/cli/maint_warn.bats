#!/usr/bin/env bats
# wamp-maint(1): --warn, which announces maintenance before it begins.

load helper
load fake_server

setup() {
	test_begin
	TIMED=2999-12-24T12:00
}

teardown() {
	fake_end
	test_end
}

@test "--warn announces it before it begins" {
	broker_start
	sub_start -C 2 oro/maintenance
	run -0 wamp-maint on --at +0.6 --warn 0.3 --user-id 7 -m soon
	refute_output
	run -0 sub_wait
	assert_line --index 0 --regexp '^\{"isOn":false,"userId":7,'\
'"message":"soon","at":"[0-9T:.-]+Z"\}$'
	assert_line --index 1 '{"isOn":true,"userId":7,"message":"soon"}'
}

@test "status shows when it will be announced" {
	broker_start
	export TZ=CET-1
	wamp-maint on --at "$TIMED" --warn 15m --warn 1h --for 2h -m soon
	run -0 wamp-maint status
	assert_output "off, planned from $TIMED:00+01:00 until \
2999-12-24T14:00:00+01:00 announced at 2999-12-24T11:00:00+01:00 and \
2999-12-24T11:45:00+01:00: \"soon\""
	run -0 wamp-maint status --json
	assert_equal "$(jq -c .planned.warn <<<"$output")" \
	    '["2999-12-24T10:00:00.000Z","2999-12-24T10:45:00.000Z"]'
	wamp-maint -q off
	run -0 wamp-maint status
	assert_output off
}

@test "what is too late is announced at once, and said" {
	broker_start
	sub_start -C 1 oro/maintenance
	run -0 wamp-maint on --at +10m --warn 1m --warn 1h --warn 15m
	assert_output 'wamp-maint: --warn 1h: that time has passed, so it '\
'was announced at once'
	run -0 sub_wait
	assert_output --partial '{"isOn":false,"userId":null,"at":"'
	run -0 wamp-maint status
	assert_output --regexp ' announced at [^ ]+$'
	run -0 wamp-maint -v on --at +10m --warn 1h
	assert_line 'wamp-maint: told 0 sessions'
}

@test "an announcement survives a restart" {
	local state=$BATS_TEST_TMPDIR/state

	mkdir "$state"
	echo "state_dir: $state" >"$state/wampd.yml"
	broker_start -c "$state/wampd.yml"
	wamp-maint on --at "$TIMED" --warn 15m
	broker_stop
	broker_start -c "$state/wampd.yml"
	run -0 wamp-maint status
	assert_output --partial ' announced at 2999-12-24T11:45:00'
}

@test "those who subscribe later do not get it, and watch prints it" {
	local watched=$BATS_TEST_TMPDIR/watched pid

	broker_start
	wamp-maint watch >"$watched" 2>&1 3>&- &
	pid=$!
	wait_until test -s "$watched"
	wamp-maint -q on --at "$TIMED" --warn 999d --warn 999999d
	wait_until grep -q planned "$watched"
	kill "$pid"
	wait "$pid" || true
	run -0 cat "$watched"
	assert_line --index 0 off
	assert_line --index 1 --partial "off, planned from $TIMED:00"
	run -0 wamp-sub -E oro/maintenance
	refute_output
}

@test "--dry-run shows it and says what would be too late" {
	broker_start
	run -0 wamp-maint on --dry-run --at 2999-12-24T12:00Z --warn 15m
	assert_output '[2,"1","wampd.maintenance.set",true,null,'\
'{"at":"2999-12-24T12:00:00.000Z","warn":["2999-12-24T11:45:00.000Z"]}]'
	run -0 wamp-maint on --dry-run --at +1m --warn 15m
	assert_line --partial 'it would be announced at once'
}

@test "what makes no sense is refused" {
	local arguments i

	while read -ra arguments; do
		run -2 wamp-maint "${arguments[@]}"
		assert_output --partial "--warn"
		[ "${#lines[@]}" -eq 1 ]
	done <<-'END'
		on --warn 15m
		on --until +1h --warn 15m
		off --warn 15m
		on --at +1h --warn 0
		on --at +1h --warn x
		on --at +1h --warn=
	END
	arguments=(on --at +1h)
	for i in {1..9}; do
		arguments+=(--warn "$i")
	done
	run -2 wamp-maint "${arguments[@]}"
	assert_output --partial "--warn"
	run -2 wamp-maint status --warn 15m
	assert_output --partial 'status takes only --json'
	fake_start ratchet
	run -3 wamp-maint -u "$FAKE" on --at +1h --warn 15m
	assert_output --partial 'does not support --at'
}
