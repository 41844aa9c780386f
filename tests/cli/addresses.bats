#!/usr/bin/env bats
# Which addresses may connect.

load helper
load nginx

setup() {
	test_begin
	CONFIG=$BATS_TEST_TMPDIR/wampd.yml
}

teardown() {
	nginx_stop
	test_end
}

# configure LINE...: write the configuration.
configure() {
	printf '%s\n' "$@" >"$CONFIG"
}

# ask [FIELD...]: a WebSocket handshake with these fields, from the address in
# FROM (default: 127.0.0.1), behind the PROXY header in HEADER; prints the
# status of the answer, or nothing.
ask() {
	local port=${WS_URL##*:}

	{
	printf '%b' "${HEADER:-}"
	printf '%s\r\n' 'GET / HTTP/1.1' 'Host: localhost' \
	    'Connection: Upgrade' 'Upgrade: websocket' \
	    'Sec-WebSocket-Version: 13' \
	    'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==' "$@" ''
	} | socat -t "$WAIT_STEPS" - \
	    "TCP:127.0.0.1:${port%/},bind=${FROM:-127.0.0.1}" \
	    2>"$BATS_TEST_TMPDIR/socat" |
	    awk 'NR == 1 { print $2; exit }'
}

# proxy_start [CONFIG...]: a broker behind a proxy.
proxy_start() {
	configure "${@:-compat: oro}"
	broker_run -l proxy:127.0.0.1:0 -S "$WAMPD_CONTROL" -c "$CONFIG"
	WS_URL=ws://$(awk '$1 == "proxy:ws" { print $2; exit }' "$PORTS")/
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

V2=$'\\r\\n\\r\\n\\0\\r\\nQUIT\\n'

@test "a PROXY header names the client in lists and in the log" {
	proxy_start 'blocked_ips: [203.0.113.0/24, "2001:db8::/32"]'
	HEADER='PROXY TCP4 192.0.2.1 198.51.100.1 5 443\r\n' status 101
	grep -q 'open transport=ws address=192\.0\.2\.1:5 ' "$BROKER_LOG"
	HEADER='PROXY TCP4 203.0.113.9 198.51.100.1 5 443\r\n' status 403
	grep -q 'address=203\.0\.113\.9:5 refused status=403' "$BROKER_LOG"
	HEADER='PROXY TCP6 2001:db8::1 ::1 5 443\r\n' status 403
	HEADER='PROXY UNKNOWN\r\n' status 101
	HEADER=$V2'\x21\x11\0\x0c\xcb\0\x71\1\0\0\0\0\0\5\1\xbb' status 403
	HEADER=$V2'\x20\0\0\0' status 101
}

@test "without a PROXY header, or with a bad one, there is no answer" {
	proxy_start
	status ''
	HEADER='PROXY TCP4 x\r\n' status ''
	HEADER=$V2'\x31\x11\0\0' status ''
	[ "$(counter proxy_headers_missing)" -eq 1 ]
	[ "$(counter proxy_headers_bad)" -eq 2 ]
	grep -q 'refused: it sent no PROXY header' "$BROKER_LOG"
	grep -q 'header is malformed: its version is not 2' "$BROKER_LOG"
}

@test "trusted_proxies says who may send PROXY headers" {
	proxy_start 'trusted_proxies: 127.0.0.2'
	HEADER='PROXY UNKNOWN\r\n' status ''
	FROM=127.0.0.2 HEADER='PROXY UNKNOWN\r\n' status 101
	[ "$(counter proxy_headers_untrusted)" -eq 1 ]
	grep -q 'refused: it is none of trusted_proxies' "$BROKER_LOG"
}

# curl sends the header of version 1 as HAProxy does.
@test "curl's PROXY header comes before TLS" {
	local to

	certificate "$BATS_TEST_TMPDIR/pem"
	configure 'tls: { cert: pem, key: pem }' 'blocked_ips: 127.0.0.2' \
	    'listen: "proxy:tls:127.0.0.1:0"'
	broker_run -S "$WAMPD_CONTROL" -c "$CONFIG"
	to=https://$(awk '$1 == "proxy:wss" { print $2; exit }' "$PORTS")/
	run -0 curl -sk --haproxy-protocol -o /dev/null -w '%{http_code}' "$to"
	assert_output 426
	run ! curl -sk --haproxy-protocol --interface 127.0.0.2 "$to"
	[ "$(counter refused_address)" -eq 1 ]
	[ "$(counter tls_failed)" -eq 0 ]
}

@test "a Unix socket takes PROXY headers, too" {
	configure 'trusted_proxies: 192.0.2.1' 'blocked_ips: 127.0.0.0/8' \
	    "listen: 'proxy:unix:$BATS_TEST_TMPDIR/ws.sock'"
	broker_run -S "$WAMPD_CONTROL" -c "$CONFIG"
	printf '%s\r\n' 'PROXY TCP4 127.0.0.9 127.0.0.1 5 6' 'GET / HTTP/1.1' \
	    'Host: localhost' '' >"$BATS_TEST_TMPDIR/request"
	run -0 socat -t "$WAIT_STEPS" - \
	    "UNIX-CONNECT:$BATS_TEST_TMPDIR/ws.sock" \
	    <"$BATS_TEST_TMPDIR/request"
	assert_line --index 0 --partial 'HTTP/1.1 403 Forbidden'
}

# ---- reverse proxies ----

# client ADDRESS: the log says that the last session is that of this client.
client() {
	[ "$(grep -o 'open transport=ws address=[^ ]*' "$BROKER_LOG" |
	    tail -n 1)" = "open transport=ws address=$1" ]
}

@test "a trusted proxy tells its client in X-Forwarded-For or Forwarded" {
	configure 'trusted_proxies: [127.0.0.0/30, 10.0.0.0/8]' \
	    'blocked_ips: [203.0.113.0/24, "2001:db8::/32"]' \
	    'allowed_ips: [192.0.2.0/24, 203.0.113.0/24]'
	broker_start -c "$CONFIG"
	status 101 'X-Forwarded-For: 192.0.2.1'
	client 192.0.2.1
	status 101 'X-Forwarded-For: 203.0.113.9, 192.0.2.1:5, 10.1.2.3' \
	    'X-Forwarded-For: 10.1.2.4'
	client 192.0.2.1:5
	status 101 'Forwarded: for="192.0.2.1:7";proto=https;host=a.test'
	client 192.0.2.1:7
	status 403 'X-Forwarded-For: 203.0.113.9'
	grep -q 'address=203\.0\.113\.9 refused status=403' "$BROKER_LOG"
	status 403 'Forwarded: for="[2001:db8::1]:5"'
	status 403 'X-Forwarded-For: 198.51.100.1'
	# The proxy's own address is on no list of those that are allowed.
	status 403
	status 403 'X-Forwarded-For: 192.0.2.1, unknown'
	[ "$(counter refused_address)" -eq 5 ]
}

@test "a proxy's fields must not contradict each other" {
	configure 'trusted_proxies: 127.0.0.1'
	broker_start -c "$CONFIG"
	status 400 'X-Forwarded-For: 192.0.2.1' 'Forwarded: for=192.0.2.2'
	status 400 'Forwarded: for=", for=192.0.2.2'
	status 101 'X-Forwarded-For: 192.0.2.1' 'Forwarded: for=192.0.2.1'
	[ "$(counter refused_bad_forwarded)" -eq 2 ]
}

@test "a page of the host that a trusted proxy was asked for is ours" {
	local host='X-Forwarded-Host: www.example.com'
	local page='Origin: https://www.example.com'

	configure 'trusted_proxies: 127.0.0.1'
	broker_start -c "$CONFIG"
	status 101 'X-Forwarded-For: 192.0.2.1' "$host" "$page"
	status 403 'X-Forwarded-For: 192.0.2.1' "$host" 'Origin: https://a.test'
	status 403 'X-Forwarded-For: 192.0.2.1' "$page"
	FROM=127.0.0.2 status 403 "$host" "$page"
}

@test "whoever is not trusted tells no address" {
	configure 'trusted_proxies: 127.0.0.2' 'blocked_ips: 203.0.113.9'
	broker_start -c "$CONFIG"
	status 101 'X-Forwarded-For: 203.0.113.9'
	grep -q 'open transport=ws address=127\.0\.0\.1:' "$BROKER_LOG"
	status 101 'X-Forwarded-For: 192.0.2.1' 'Forwarded: for=192.0.2.2'
	FROM=127.0.0.2 status 403 'X-Forwarded-For: 203.0.113.9'
}

# A client of a load balancer must not be able to write the field itself.
@test "behind a PROXY header, only further proxies of ours are believed" {
	local to='198.51.100.1 5 443\r\n'

	proxy_start 'trusted_proxies: [127.0.0.1, 10.0.0.1]' \
	    'blocked_ips: 203.0.113.9'
	HEADER="PROXY TCP4 192.0.2.1 $to" status 101 \
	    'X-Forwarded-For: 203.0.113.9'
	client 192.0.2.1:5
	HEADER='PROXY UNKNOWN\r\n' status 101 'X-Forwarded-For: 203.0.113.9'
	HEADER="PROXY TCP4 10.0.0.1 $to" status 403 \
	    'X-Forwarded-For: 203.0.113.9'
}

@test "limits of one address count the clients of a proxy, not the proxy" {
	configure 'trusted_proxies: 127.0.0.1' \
	    'limits: { sessions_address: 1 }'
	broker_start -c "$CONFIG"
	WAMP_URL=$WS_URL sub_start --header 'X-Forwarded-For: 192.0.2.1' news
	status 429 'X-Forwarded-For: 192.0.2.1'
	status 101 'X-Forwarded-For: 192.0.2.2'
}

# through_nginx STATUS [ARGUMENT...]: curl with these arguments gets that.
through_nginx() {
	run -0 curl -s -o /dev/null -w '%{http_code}' \
	    --unix-socket "$NGINX_SOCKET" "${@:2}" \
	    http://localhost/
	assert_output "$1"
}

@test "a real nginx tells its clients" {
	nginx_need
	configure 'trusted_proxies: 127.0.0.1' 'blocked_ips: 203.0.113.0/24'
	broker_start -c "$CONFIG"
	# Its clients tell their address in X-Test.
	nginx_start <<-END
		set_real_ip_from unix:;
		real_ip_header X-Test;
		proxy_set_header X-Forwarded-For \$proxy_add_x_forwarded_for;
		proxy_set_header Forwarded "";
		proxy_http_version 1.1;
		location / { proxy_pass http://${WS_URL:5:-1}; }
	END
	through_nginx 426 -H 'X-Test: 192.0.2.1'
	through_nginx 403 -H 'X-Test: 203.0.113.9'
	through_nginx 403 -H 'X-Test: 203.0.113.9' \
	    -H 'X-Forwarded-For: 192.0.2.1' -H 'Forwarded: for=192.0.2.1'
}

# ---- while it runs ----

# block, unblock, blocked [ARGUMENT...]: the calls.
block() {
	wamp-call wampd.block "$@"
}

unblock() {
	wamp-call wampd.unblock "$@"
}

blocked() {
	wamp-call wampd.blocked "$@" | jq -c '[.[] | [.network, .from]] | sort'
}

@test "wampd.block blocks, and wampd.unblock ends exactly that" {
	configure 'blocked_ips: 127.0.0.5'
	broker_start -c "$CONFIG"
	FROM=127.0.0.2 status 101
	run -0 block 127.0.0.2
	assert_output \
	    '{"network":"127.0.0.2","changed":true,"until":null}'
	FROM=127.0.0.2 status 403
	FROM=127.0.0.3 status 101
	run -0 block ::ffff:127.0.0.0/120
	assert_output --partial '"network":"127.0.0.0/24","changed":true'
	FROM=127.0.0.3 status 403
	run -0 block 127.0.0.0/24
	assert_output --partial '"changed":false'
	run -0 blocked
	assert_output '[["127.0.0.0/24","wampd.block"],'\
'["127.0.0.2","wampd.block"],["127.0.0.5","blocked_ips"]]'
	# No hole in the network.
	run -0 unblock 127.0.0.3
	assert_output '{"network":"127.0.0.3","changed":false,"blocked":['\
'{"network":"127.0.0.0/24","from":"wampd.block","until":null}]}'
	FROM=127.0.0.3 status 403
	run -0 unblock 127.0.0.0/24
	assert_output \
	    '{"network":"127.0.0.0/24","changed":true,"blocked":[]}'
	FROM=127.0.0.3 status 101
	FROM=127.0.0.2 status 403
	run -0 unblock 127.0.0.5
	assert_output --partial '"changed":false,"blocked":[{"network":"127.0'
	FROM=127.0.0.5 status 403
}

@test "bad arguments change nothing" {
	broker_start
	run -3 block
	run -3 block 10.0.0.1/8
	assert_output --partial 'write 10.0.0.0/8, or 10.0.0.1'
	run -3 block 192.0.2.1 '{"for":"soon"}'
	run -3 block 192.0.2.1 '{"for":0}'
	run -3 block 192.0.2.1 '{"for":"99999d"}'
	run -3 block 192.0.2.1 '{"close":1}'
	run -3 block 192.0.2.1 '{"when":1}'
	run -3 unblock '[1]'
	run -3 wamp-call wampd.blocked x
	run -0 blocked
	assert_output '[]'
}

@test "a block closes the sessions from there, unless it is told not to" {
	broker_start
	WAMP_URL=$WS_URL sub_start news
	run -0 block 127.0.0.0/8 '{"close":false}'
	run -0 wamp-call wampd.sessions
	assert_output --partial '"address":"127.0.0.1:'
	run -0 block 127.0.0.0/8
	run sub_wait
	[ "$status" -ne 0 ]
	[ "$(counter sessions_blocked)" -eq 1 ]
	grep -q 'sessions=1 closed: their addresses were blocked' "$BROKER_LOG"
}

@test "a block behind a proxy is one of the client" {
	configure 'trusted_proxies: 127.0.0.1'
	broker_start -c "$CONFIG"
	block 192.0.2.0/24
	status 403 'X-Forwarded-For: 192.0.2.1'
	status 101 'X-Forwarded-For: 198.51.100.1'
}

@test "blocks survive a restart, and end" {
	local folder=$BATS_TEST_TMPDIR/state

	mkdir "$folder"
	configure "state_dir: $folder"
	broker_start -c "$CONFIG"
	block 127.0.0.2
	block 127.0.0.3 '{"for":"1h"}'
	block 127.0.0.4 '{"for":"1ms"}'
	broker_stop KILL || true
	run -0 cat "$folder/blocked.json"
	assert_output --partial '["127.0.0.2",null]'
	broker_start -c "$CONFIG"
	FROM=127.0.0.2 status 403
	FROM=127.0.0.3 status 403
	FROM=127.0.0.4 status 101
	run -0 blocked 127.0.0.3
	assert_output '[["127.0.0.3","wampd.block"]]'
	broker_stop
	# As if the hour had passed.
	sed -i 's/"20[0-9][0-9]-/"2001-/' "$folder/blocked.json"
	broker_start -c "$CONFIG"
	FROM=127.0.0.3 status 101
	FROM=127.0.0.2 status 403
}

@test "a damaged file of blocks is set aside" {
	local folder=$BATS_TEST_TMPDIR/state

	mkdir "$folder"
	configure "state_dir: $folder"
	echo '[["10.0.0.1/8",null]]' >"$folder/blocked.json"
	run -0 wampd -t -c "$CONFIG"
	assert_output --partial 'does not hold a list of blocked addresses'
	broker_start -c "$CONFIG"
	grep -q 'does not hold a list of blocked addresses' "$BROKER_LOG"
	[ -e "$folder/blocked.json.bad" ]
	block 127.0.0.2
	[ "$(cat "$folder/blocked.json")" = '[["127.0.0.2",null]]' ]
}

@test "a block that cannot be kept says so" {
	local folder=$BATS_TEST_TMPDIR/state

	mkdir "$folder"
	configure "state_dir: $folder"
	broker_start -c "$CONFIG"
	rmdir "$folder"
	run -0 block 127.0.0.2
	assert_output --partial '"unsaved":["'
	FROM=127.0.0.2 status 403
}

@test "what is no network is an error with its place" {
	configure 'blocked_ips:' '  - 192.0.2.1' '  - 10.0.0.1/8' \
	    'allowed_ips: [127.0.0.1, example.com]' \
	    'trusted_proxies: [unix, proxy]'
	run -1 wampd -t -c "$CONFIG"
	assert_line --partial 'wampd.yml:3:5: error: blocked_ips: "10.0.0.1/8"'
	assert_line --partial 'write 10.0.0.0/8, or 10.0.0.1'
	assert_line --partial \
	    'wampd.yml:4:26: error: allowed_ips: "example.com" is no address'
	assert_line --partial 'wampd.yml:5:25: error: trusted_proxies: neither'
}
