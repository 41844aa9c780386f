#!/usr/bin/env bats
# What is in examples/ works as it is.

load helper

setup() {
	test_begin
	EXAMPLES=${BATS_TEST_DIRNAME%/tests/cli}/examples
	export PATH=$EXAMPLES/pipelines:$PATH
	mkdir "$BATS_TEST_TMPDIR/work"
	cd "$BATS_TEST_TMPDIR/work" || return
}

teardown() {
	[ -z "${TAIL_PID:-}" ] || tail_stop
	test_end
}

# ---- wampd.yml ----

@test "wampd.yml is the default configuration" {
	run -0 wampd -t -c "$EXAMPLES/wampd.yml" -l 127.0.0.1:0
	[ -z "$output" ]
	env -u ORO_WEBSOCKET_SERVER_DSN wampd -T >default
	wampd -T -c "$EXAMPLES/wampd.yml" >example
	diff default example
}

@test "wampd.yml shows every key" {
	local key

	for key in $(wampd -T | sed -n 's/^ *\([a-z_]*\):.*/\1/p'); do
		grep -q "^ *\(# *\)\?$key:" "$EXAMPLES/wampd.yml"
	done
}

@test "the keys that wampd.yml has behind a # are right, too" {
	cp "$EXAMPLES"/{services,websocket_routing}.yml .
	certificate fullchain.pem
	cp fullchain.pem privkey.pem
	echo 'a: { secret: b }' >cra.yml
	# Not what needs keys and programs of a site: tests of these have them.
	sed 's/^\( *\)# \([a-z_]*: [^ ]*$\)/\1\2/' "$EXAMPLES/wampd.yml" |
	    sed '/^ *cookie: \|^ *leeway: \|^ *require_exp: /d' >all.yml
	run -0 wampd -T -c all.yml -l tls:127.0.0.1:8443
	assert_output --partial "cert: ['$PWD/fullchain.pem']"
	assert_output --partial "key: ['$PWD/privkey.pem']"
	assert_output --partial "keys: '$PWD/cra.yml'"
	assert_output --partial "group: 'www-data'"
	assert_output --partial "ident: 'wampd/mine'"
	assert_output --partial "routes: ['$PWD/websocket_routing.yml']"
	assert_output --partial "services: ['$PWD/services.yml']"
	assert_output --partial "state_dir: '/var/lib/wampd'"
}

# ---- log-tail.sh ----

# The pipeline is a group of its own, as a terminal would make it.
tail_start() {
	setsid log-tail.sh "$@" 3>&- &
	TAIL_PID=$!
}

tail_stop() {
	kill -- "-$TAIL_PID"
	wait "$TAIL_PID" || true
}

grown() {
	echo "$1" >>log
	[ -s "$BATS_TEST_TMPDIR/sub.1.status" ]
}

@test "log-tail.sh publishes the lines that are added" {
	broker_start
	echo old >log
	sub_start -C 1 logs
	tail_start log logs
	# It may not watch the file yet.
	wait_until grown 'a "new" line'
	run -0 sub_wait
	assert_output '"a \"new\" line"'
}

@test "log-tail.sh goes on behind a line that is no UTF-8" {
	broker_start
	: >log
	sub_start -r logs
	tail_start log logs
	wait_until heard first
	printf '\xff\n' >>log
	wait_until heard last
}

heard() {
	echo "$1" >>log
	grep -qx "$1" "$BATS_TEST_TMPDIR/sub.1.out"
}

@test "log-tail.sh without arguments says how it is used" {
	run -2 log-tail.sh
	assert_output --partial usage
}

# ---- maintenance.sh ----

@test "maintenance.sh announces maintenance while its command runs" {
	broker_start
	sub_start -C 2 oro/maintenance
	run -7 maintenance.sh bash -c 'wamp-maint status; exit 7'
	assert_output --partial 'on since'
	run -0 sub_wait
	assert_line --index 0 '{"isOn":true,"userId":null}'
	assert_line --index 1 '{"isOn":false,"userId":null}'
}

@test "maintenance.sh has the status of its command when the broker is gone" {
	broker_start
	run -7 maintenance.sh bash -c "rm '$WAMPD_CONTROL'; exit 7"
	assert_output --partial 'cannot connect'
}

@test "maintenance.sh leaves maintenance of others on" {
	broker_start
	wamp-maint on
	run -0 maintenance.sh true
	run -10 wamp-maint status
}

@test "maintenance.sh ends what it announced when it is interrupted" {
	broker_start
	# shellcheck disable=SC2016	# the command's own parent
	run -143 maintenance.sh bash -c 'kill -TERM $PPID'
	run -0 wamp-maint status
}

@test "maintenance.sh without a broker does not run its command" {
	run -5 maintenance.sh touch ran
	[ ! -e ran ]
}

# ---- smoke-test.sh ----

@test "smoke-test.sh passes with the routes of the examples" {
	run -0 smoke-test.sh oro/ping -r "$EXAMPLES/websocket_routing.yml"
	assert_output 'an event on oro/ping gets through'
}

@test "smoke-test.sh fails for a topic without a route" {
	run -3 smoke-test.sh nowhere -r "$EXAMPLES/websocket_routing.yml"
	refute_output --partial 'gets through'
}

@test "smoke-test.sh fails where wampd does not start" {
	run -1 smoke-test.sh oro/ping -r none.yml
	assert_output --partial none.yml
}

@test "smoke-test.sh leaves nothing behind" {
	mkdir tmp
	TMPDIR=$PWD/tmp run -0 smoke-test.sh news
	run -0 ls tmp
	assert_output ''
}
