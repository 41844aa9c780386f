#!/usr/bin/env bats
# Which addresses may connect.

load helper

setup() {
	test_begin
	CONFIG=$BATS_TEST_TMPDIR/wampd.yml
}

teardown() {
	test_end
}

# configure LINE...: write the configuration.
configure() {
	printf '%s\n' "$@" >"$CONFIG"
}

# ask [FIELD...]: a WebSocket handshake with these fields, from the address in
# FROM (default: 127.0.0.1); prints the status of the answer, or nothing.
ask() {
	local port=${WS_URL##*:}

	printf '%s\r\n' 'GET / HTTP/1.1' 'Host: localhost' \
	    'Connection: Upgrade' 'Upgrade: websocket' \
	    'Sec-WebSocket-Version: 13' \
	    'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==' "$@" '' |
	    socat -t "$WAIT_STEPS" - \
	    "TCP:127.0.0.1:${port%/},bind=${FROM:-127.0.0.1}" \
	    2>"$BATS_TEST_TMPDIR/socat" |
	    awk 'NR == 1 { print $2; exit }'
}

# status STATUS [FIELD...]: that is what ask prints.
status() {
	run -0 ask "${@:2}"
	assert_output "$1"
}

# counter NAME: its value.
counter() {
	wamp-call wampd.stats | jq -r --arg name "$1" '.[$name]'
}

@test "blocked_ips refuses addresses and networks with status 403" {
	configure 'blocked_ips: [127.0.0.2, 127.0.1.0/24, "2001:db8::/32"]'
	broker_start -c "$CONFIG"
	status 101
	FROM=127.0.0.2 status 403
	FROM=127.0.1.9 status 403
	FROM=127.0.0.3 status 101
	[ "$(counter refused_address)" -eq 2 ]
	grep -q 'address=127\.0\.0\.2:[0-9]* refused status=403 cause=address' \
	    "$BROKER_LOG"
}

@test "allowed_ips admits only these, and blocked_ips comes first" {
	configure 'allowed_ips: [127.0.0.0/30]' 'blocked_ips: 127.0.0.3'
	broker_start -c "$CONFIG"
	status 101
	FROM=127.0.0.2 status 101
	FROM=127.0.0.3 status 403
	FROM=127.0.0.4 status 403
}

@test "an IPv6 socket knows addresses of IPv4" {
	configure 'blocked_ips: 127.0.0.2'
	broker_run -l '*:0' -S "$WAMPD_CONTROL" -c "$CONFIG"
	WS_URL=ws://127.0.0.1:${WS_URL##*:}
	status 101
	FROM=127.0.0.2 status 403
}

@test "a blocked address gets nothing over TLS" {
	certificate "$BATS_TEST_TMPDIR/pem"
	configure 'allowed_ips: 192.0.2.1' 'listen: "tls:127.0.0.1:0"' \
	    'tls: { cert: pem, key: pem }'
	broker_run -S "$WAMPD_CONTROL" -c "$CONFIG"
	WS_URL=ws://$(awk '$1 == "wss" { print $2; exit }' "$PORTS")/
	status ''
	[ "$(counter refused_address)" -eq 1 ]
	[ "$(counter tls_failed)" -eq 0 ]
	grep -q 'refused cause=address' "$BROKER_LOG"
}

@test "Unix sockets are on no list" {
	configure 'allowed_ips: 192.0.2.1' \
	    "listen: 'unix:$BATS_TEST_TMPDIR/ws.sock'"
	broker_run -S "$WAMPD_CONTROL" -c "$CONFIG"
	run -0 curl -s -o /dev/null -w '%{http_code}' \
	    --unix-socket "$BATS_TEST_TMPDIR/ws.sock" http://localhost/
	assert_output 426
}

@test "what is no network is an error with its place" {
	configure 'blocked_ips:' '  - 192.0.2.1' '  - 10.0.0.1/8' \
	    'allowed_ips: [127.0.0.1, example.com]'
	run -1 wampd -t -c "$CONFIG"
	assert_line --partial "wampd.yml:3:5: error: blocked_ips: \"10.0.0.1/8\""
	assert_line --partial 'write 10.0.0.0/8, or 10.0.0.1'
	assert_line --partial \
	    'wampd.yml:4:26: error: allowed_ips: "example.com" is no address'
}
