#!/usr/bin/env bats
# wamp-check(1): what monitors get, and its examples.

load helper
load fake_server

setup() {
	test_begin
	EXAMPLES=${BATS_TEST_DIRNAME%/tests/cli}/examples/monitoring
}

teardown() {
	fake_end
	test_end
}

@test "a broker that is well is OK, in one line with performance data" {
	broker_start
	sub_start shop/orders
	run -0 wamp-check
	assert_equal "${#lines[@]}" 1
	assert_output --regexp \
	    '^WAMP OK - wampd/[0-9.]+, 2 sessions, 1 topic \| connect=0'
	assert_output --regexp ' sessions=2;80000;95000;0;100000 '
	assert_output --regexp ' queues=[0-9]+B;[0-9]+;[0-9]+;0;[0-9]+ '
	assert_output --regexp ' refused=0;0;;0; '
	refute_output --partial certificate
}

@test "-v has a line for each number, which are those of wampd.check" {
	broker_start
	run -0 wamp-check -v
	cd "$BATS_TEST_TMPDIR"
	sed '1d; s/:.*//' <<<"$output" | grep -vx connect | sort >said
	wamp-call wampd.check | jq -r 'to_entries[] |
	    select(.value | type == "number").key' |
	    grep -v '_max$' | sort | diff - said
	assert_line --regexp '^sessions: 1 of 100000, warning 80000, crit'
}

@test "thresholds decide, the worst of them wins" {
	broker_start
	run -1 wamp-check -w sessions=0
	assert_output --regexp \
	    '^WAMP WARNING - sessions is 1 \(warning 0\); wampd/'
	run -2 wamp-check -w sessions=0 -c topics=@0:5
	assert_output --regexp '^WAMP CRITICAL - sessions is 1 \(warning 0\); '\
'topics is 0 \(critical @5\); '
	run -0 wamp-check -w sessions=0 -w sessions=5
	run -1 wamp-check -w uptime=1000000:
	run -1 wamp-check -w sessions=0%
	run -0 wamp-check -c subscriptions=0:10 -w memory=
}

@test "what happened since the last check is told once" {
	broker_start
	run -1 wamp-check -w messages=0
	assert_output --regexp 'messages is [0-9]+ \(warning 0\)'
}

@test "maintenance and draining are what the options say" {
	broker_start
	wamp-maint on
	run -0 wamp-check
	assert_output --partial ', maintenance is on |'
	run -1 wamp-check --maintenance warning
	assert_output --partial 'WAMP WARNING - maintenance is on; '
	run -2 wamp-check --maintenance critical
	wamp-maint off
	sub_start -u "$WS_URL" shop/orders
	wamp-call wampd.drain '{"spread":"10m"}'
	run -1 wamp-check
	assert_output --partial 'WAMP WARNING - draining; '
	run -0 wamp-check --draining ok
	assert_output --partial ', draining |'
}

@test "what cannot be written to the disk is a warning" {
	cd "$BATS_TEST_TMPDIR"
	mkdir state
	echo 'state_dir: state' >wampd.yml
	broker_start -c wampd.yml
	run -0 wamp-check
	# Even root cannot write into a folder that is gone.
	rm -r state
	wamp-call wampd.block 192.0.2.1
	run -1 wamp-check
	assert_output --regexp \
	    '^WAMP WARNING - changes could not be written to the disk; '
	mkdir state
}

@test "no broker, and one that does not answer, are CRITICAL" {
	run -2 wamp-check
	assert_output --regexp '^WAMP CRITICAL - cannot connect to .*'
	run -2 wamp-check -q
	assert_output --partial 'WAMP CRITICAL - '
	broker_start
	kill -STOP "$BROKER_PID"
	run -2 wamp-check -t 0.2
	kill -CONT "$BROKER_PID"
	assert_output --regexp '^WAMP CRITICAL - timed out after 0.2 s'
}

@test "what cannot be checked is UNKNOWN" {
	broker_start
	run -3 wamp-check -w nothing=5
	assert_output --regexp '^WAMP UNKNOWN - nothing is known of "nothing"'
	run -3 wamp-check -w sessions=a
	assert_output --partial 'sessions: "a" is no range'
	run -3 wamp-check -w 5
	assert_output --partial 'a threshold is NAME=RANGE'
	run -3 wamp-check -w uptime=80%
	assert_output --partial 'uptime has no limit'
	run -3 wamp-check --no-such
	run -3 wamp-check operand
	run -3 wamp-check --certificate ws://127.0.0.1/
	run -3 bash -c 'wamp-check >/dev/full'
}

@test "a probe goes round, or tells why not" {
	broker_start
	run -0 wamp-check --probe monitoring/probe -c probe=30
	assert_output --regexp ' probe=[0-9.]+s;;30;0;'
	run -0 wamp-check -u "$WS_URL" --probe monitoring/probe
	assert_output --regexp '^WAMP OK - wampd/[0-9.]+ \| connect='
	assert_output --regexp ' probe=[0-9.]+s'
	broker_stop TERM
	cd "$BATS_TEST_TMPDIR"
	echo 'm: { channel: m, handler: m }' >routing.yml
	printf '%s\n' 'routes: [routing.yml]' 'handlers:' \
	    '  m: { type: broadcast, publish: nobody }' >wampd.yml
	broker_start -c wampd.yml
	run -3 wamp-check --probe m
	assert_output --regexp '^WAMP UNKNOWN - --probe: '
}

@test "other servers are checked for what they can" {
	fake_start ratchet
	run -0 wamp-check -u "$FAKE"
	assert_output --regexp '^WAMP OK - Ratchet/0.4.4 \| connect=[0-9.]+s'
	run -3 wamp-check -u "$FAKE" -w sessions=5
	assert_output --partial 'nothing is known of "sessions"'
}

@test "certificates are looked at from inside and outside" {
	local url

	cd "$BATS_TEST_TMPDIR"
	certificate cert.pem
	echo 'tls: { cert: cert.pem, key: cert.pem }' >wampd.yml
	broker_run -S "$WAMPD_CONTROL" -c wampd.yml -l tls:127.0.0.1:0
	url=wss://$(grep -oE '127[0-9.:]+' "$PORTS")/
	run -2 wamp-check
	assert_output --regexp \
	    '^WAMP CRITICAL - certificate is [12](\.[0-9]+)? d \(critical 3:'
	run -2 wamp-check --certificate "$url"
	assert_output --partial 'certificate is '
	assert_equal "$(grep -o ' certificate=' <<<"$output" | wc -l)" 1
	run -0 wamp-check -w certificate=0: -c certificate=0:
	assert_output --regexp ' certificate=[12](\.[0-9]+)?;0:;0:;0;'
}

# ---- examples ----

@test "the examples call it with options that there are" {
	local option

	broker_start
	for option in $(grep -hoE '"--[a-z-]+"' "$EXAMPLES/icinga2.conf" |
	    tr -d '"'); do
		wamp-check --complete | grep -q "^$option"$'\t'
	done
	# shellcheck disable=SC2046	# words, as the monitor makes them
	run -0 wamp-check $(sed -n 's/.*check_wamp!//p' "$EXAMPLES/nagios.cfg")
}

@test "the example for cron is silent while all is well" {
	local job

	job=$(awk -F '\t' '/^\*/ { print $3 }' "$EXAMPLES/wampd-check")
	broker_start
	run -0 sh -c "$job"
	refute_output
	broker_stop TERM
	run -0 sh -c "$job"
	assert_output --partial 'WAMP CRITICAL - cannot connect'
}
