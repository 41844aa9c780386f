#!/usr/bin/env bats
# What examples/oro says to administrators of an Oro application.

load helper

setup() {
	test_begin
	EXAMPLES=${BATS_TEST_DIRNAME%/tests/cli}/examples
	mkdir "$BATS_TEST_TMPDIR/work"
	cd "$BATS_TEST_TMPDIR/work" || return
	cp -r "$EXAMPLES" .
	PROXY_PID=
}

teardown() {
	[ -z "$PROXY_PID" ] || kill "$PROXY_PID"
	test_end
}

# Its configuration, with a port of the test's.
oro_start() {
	sed -i 's/8080/0/; s/# \(lock_file:\).*/\1 lock/' examples/oro/wampd.yml
	broker_run -S "$WAMPD_CONTROL" -c examples/oro/wampd.yml
}

# For nginx with proxy_bind: connections come from this machine's own address.
proxy_start() {
	local own

	own=$(hostname -I | awk '{ print $1 }')
	[ -n "$own" ] || skip 'this machine has no address but 127.0.0.1'
	WS_URL=${WS_URL#ws://}
	socat "UNIX-LISTEN:proxy,fork" "TCP:${WS_URL%/},bind=$own" 3>&- &
	PROXY_PID=$!
	wait_until test -S proxy
	BROWSERS=ws+unix://$PWD/proxy:/ws
}

@test "the application publishes, and browsers hear it" {
	local topic topics

	oro_start
	topics='oro/data/update oro/message_queue_heartbeat
	    oro/outdated_user_page'
	for topic in $topics; do
		sub_start -u "${WS_URL}ws?ticket=abc" -C 1 "$topic"
		wamp-pub -u "$WS_URL?ticket=abc" "$topic" '{"n":1}'
		run -0 sub_wait
		assert_output '{"n":1}'
	done
}

@test "browsers behind a proxy here cannot publish" {
	oro_start
	proxy_start
	run -3 wamp-pub -u "$BROWSERS" oro/data/update 1
	assert_output --partial 'not_permitted'
	run -3 wamp-pub -u "$BROWSERS" oro/maintenance '{"isOn":true}'
	run -0 wamp-maint status
}

@test "topics of one user are for nobody yet" {
	oro_start
	sub_start -u "$WS_URL" oro/email_event/7/1
	run -0 wamp-pub -v oro/email_event/7/1 '{"hasNewEmail":true}'
	assert_output --partial ' 0 deliveries'
}

@test "the lock file is heard of, and made" {
	oro_start
	sub_start -u "$WS_URL" -C 2 oro/maintenance
	touch examples/oro/lock
	wait_until maintenance_is 10
	wamp-maint off
	[ ! -e examples/oro/lock ]
	run -0 sub_wait
	assert_line -n 0 --partial '"isOn":true'
	assert_line -n 1 --partial '"isOn":false'
}

maintenance_is() {
	local status=0

	wamp-maint status >/dev/null || status=$?
	[ "$status" -eq "$1" ]
}

@test "the command for supervisor is right" {
	local command

	command=$(sed -n 's/^command=//p' examples/oro/supervisor.conf)
	command=${command/\/usr\/bin\/}
	command=${command/\/var\/www\/oro\/var/.}
	# shellcheck disable=SC2086	# split on purpose
	run -0 ${command/\/etc\/wampd/examples/oro} -t -l 127.0.0.1:0
	assert_output ''
}

@test "the server's address comes from Oro's variable" {
	sed -i '/^listen:/d' examples/oro/wampd.yml
	run -0 grep -o 'ORO_WEBSOCKET_SERVER_DSN=.*' examples/oro/README.md
	export "${lines[0]/8080/18080}"
	run -0 wampd -T -c examples/oro/wampd.yml
	assert_output --partial "127.0.0.1:18080"
}
