#!/usr/bin/env bats
# wampd(8): its command line, its sockets.

load helper

setup() {
	test_begin
}

teardown() {
	test_end
}

# refused STATUS ARGUMENT...: a wampd that must end at once, by itself.
refused() {
	local status=$1

	shift
	run "-$status" timeout 30 wampd -l 127.0.0.1:0 "$@"
}

# ---- the command line ----

@test "-h names every option and fits a screen" {
	local option

	run -0 --separate-stderr wampd -h
	assert_line --index 0 --partial 'usage: wampd'
	for option in -c --config -l --listen -S --control -r --routes \
	    --compat --ports-file -t -T -v -q --log-level --log-format \
	    -h --help -V --version; do
		assert_output --regexp "[ ,]$option([ ,]|\$)"
	done
	[ "${#lines[@]}" -le 24 ]
	[ -z "$stderr" ]
}

@test "-V prints name and version" {
	run -0 --separate-stderr wampd -V
	assert_output --regexp '^wampd [0-9]+\.[0-9]+\.[0-9]+$'
	run -0 --separate-stderr wampd --version
	assert_output --regexp '^wampd [0-9]'
}

@test "an unknown option is a usage error that names the nearest" {
	refused 2 --lisen=127.0.0.1:0
	assert_output --partial 'wampd: '
	assert_output --partial '--listen'
	[ "${#lines[@]}" -eq 1 ]
}

@test "an option without its value is a usage error" {
	refused 2 --ports-file
	assert_output --partial '--ports-file'
}

@test "an operand is a usage error" {
	refused 2 surplus
	assert_output --partial 'surplus'
}

@test "a word that --compat does not know is a usage error" {
	refused 2 --compat autobahn
	assert_output --partial 'oro'
	assert_output --partial 'spec'
}

@test "a log level or format that does not exist is a usage error" {
	refused 2 --log-level loud
	assert_output --partial 'debug'
	refused 2 --log-format xml
	assert_output --partial 'logfmt'
}

# ---- addresses ----

@test "--ports-file holds a line for each address that was bound" {
	broker_start -l 127.0.0.1:0
	run -0 cat "$PORTS"
	[ "${#lines[@]}" -eq 3 ]
	assert_line --index 0 --regexp '^ws 127\.0\.0\.1:[1-9][0-9]*$'
	assert_line --index 1 --regexp '^ws 127\.0\.0\.1:[1-9][0-9]*$'
	assert_line --index 2 "control $WAMPD_CONTROL"
	[ "${lines[0]}" != "${lines[1]}" ]
}

@test "--ports-file may be a pipe, which stays one" {
	local fifo=$BATS_TEST_TMPDIR/fifo line pid

	mkfifo "$fifo"
	wampd -q -l 127.0.0.1:0 --ports-file "$fifo" 3>&- &
	pid=$!
	read -r line <"$fifo"
	[[ $line == 'ws 127.0.0.1:'* ]]
	kill "$pid"
	wait "$pid" || [ $? -eq 143 ]
	[ -p "$fifo" ]
}

@test "--ports-file in a folder that does not exist is an error" {
	refused 1 --ports-file "$BATS_TEST_TMPDIR/none/ports"
	assert_output --partial "$BATS_TEST_TMPDIR/none/ports"
	[ ! -e "$WAMPD_CONTROL" ]
}

@test "each -l address answers" {
	local kind address

	broker_start -l 127.0.0.1:0
	while read -r kind address; do
		[ "$kind" = ws ] || continue
		run -0 upgrade "TCP:$address"
		assert_output --regexp '^HTTP/1\.1 101 '
	done <"$PORTS"
}

# The first line of the broker's answer to a WebSocket handshake.  socat ends
# with the broker; until then it must not hold what run waits for.
upgrade() {
	head -n 1 < <(exec 2>/dev/null 3>&-
	    printf '%s\r\n' 'GET / HTTP/1.1' 'Host: localhost' \
	    'Upgrade: websocket' 'Connection: Upgrade' \
	    'Sec-WebSocket-Version: 13' 'Sec-WebSocket-Protocol: wamp' \
	    'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==' '' |
	    socat -t 30 - "$1,shut-none")
}

@test "-l takes an IPv6 address in brackets" {
	skip_without_ipv6
	broker_start -l '[::1]:0'
	run -0 cat "$PORTS"
	assert_line --regexp '^ws \[::1\]:[1-9][0-9]*$'
}

@test "an address in use is an error that names it" {
	local address

	broker_start
	address=${WS_URL#ws://}
	address=${address%/}
	refused 1 -l "$address" -S "$BATS_TEST_TMPDIR/second.sock"
	assert_output --partial "$address"
	[ ! -e "$BATS_TEST_TMPDIR/second.sock" ]
	assert_answers
}

@test "an address that is none is a usage error that shows it" {
	local address

	for address in 127.0.0.1:http 127.0.0.1:65536 '[::1'; do
		refused 2 -l "$address"
		assert_output --partial "wampd: -l: \"$address\" is no address"
	done
}

@test "a port may have any number of zeros before it" {
	local file=$BATS_TEST_TMPDIR/wampd.yml zeros

	zeros=$(printf '%03000d' 0)
	# Somebody else may have that port, which is a warning.
	run -0 wampd -t -l "127.0.0.1:${zeros}8080"
	refute_output --partial 'no address'
	printf 'listen: "[::1]:%s8080"\n' "$zeros" >"$file"
	run -0 wampd -t -c "$file"
	refute_output --partial 'no address'
}

@test "an address that nothing has is an error that shows it" {
	refused 1 -l 300.0.0.1:80
	assert_output --partial 300.0.0.1:80
}

# ---- the control socket ----

@test "without -S the control socket is WAMPD_CONTROL" {
	broker_run -l 127.0.0.1:0
	assert_answers
}

@test "a stale socket is replaced" {
	broker_start
	broker_stop KILL || [ $? -eq 137 ]
	[ -S "$WAMPD_CONTROL" ]
	broker_start
	assert_answers
}

@test "a live socket is refused, and lives on" {
	broker_start
	refused 1 -S "$WAMPD_CONTROL"
	assert_output --partial "$WAMPD_CONTROL"
	assert_answers
}

@test "what is no socket is not replaced" {
	echo precious >"$BATS_TEST_TMPDIR/file"
	refused 1 -S "$BATS_TEST_TMPDIR/file"
	assert_output --partial "$BATS_TEST_TMPDIR/file"
	run -0 cat "$BATS_TEST_TMPDIR/file"
	assert_output precious
}

@test "a socket path that is too long is an error" {
	refused 2 -S "/tmp/$(printf '%0200d' 0)"
	assert_output --partial 'wampd: -S: longer than the 107 bytes'
	echo "control: { path: /tmp/$(printf '%0200d' 0) }" \
	    >"$BATS_TEST_TMPDIR/wampd.yml"
	refused 1 -c "$BATS_TEST_TMPDIR/wampd.yml"
	assert_output --partial 'longer than the 107 bytes'
}

@test "the control socket has the configured mode and group" {
	local group

	group=$(id -Gn | tr ' ' '\n' | tail -n 1)
	cat >"$BATS_TEST_TMPDIR/wampd.yml" <<-END
		control:
		  path: $BATS_TEST_TMPDIR/from-file.sock
		  mode: "0620"
		  group: $group
	END
	broker_run -l 127.0.0.1:0 -c "$BATS_TEST_TMPDIR/wampd.yml"
	run -0 stat -c '%F %a %G' "$BATS_TEST_TMPDIR/from-file.sock"
	assert_output "socket 620 $group"
}

# ---- behaviour that an option chooses ----

@test "--compat oro sends the publisher its own event, spec does not" {
	broker_start --compat oro
	run -0 session '[5,"t/1"]' '[7,"t/1",1]' '[2,"1","wampd.info"]'
	assert_line '[8,"t/1",1]'
	broker_stop
	broker_start --compat spec
	run -0 session '[5,"t/1"]' '[7,"t/1",1]' '[2,"1","wampd.info"]'
	refute_line --partial '[8,'
	assert_line --partial '[3,"1",'
}

@test "-r ignores a topic that no route matches" {
	cat >"$BATS_TEST_TMPDIR/routes.yml" <<-'END'
		app.news:
		  channel: news/{section}
		  handler: { callback: app.news }
		  requirements:
		    section: { pattern: '\d+' }
	END
	broker_start -r "$BATS_TEST_TMPDIR/routes.yml"
	run -0 session '[5,"news/1"]' '[5,"news/x"]' '[7,"news/x",1]' \
	    '[7,"news/1",2]' '[2,"1","wampd.info"]'
	assert_line '[8,"news/1",2]'
	refute_line --partial '[8,"news/x"'
}

@test "-r may be repeated" {
	local n

	for n in 1 2; do
		printf 'r%d: { channel: c%d, handler: { callback: x } }\n' \
		    "$n" "$n" >"$BATS_TEST_TMPDIR/$n.yml"
	done
	broker_start -r "$BATS_TEST_TMPDIR/1.yml" -r "$BATS_TEST_TMPDIR/2.yml"
	run -0 session '[5,"c1"]' '[5,"c2"]' '[7,"c1",1]' '[7,"c2",2]' \
	    '[2,"1","wampd.info"]'
	assert_line '[8,"c1",1]'
	assert_line '[8,"c2",2]'
}

@test "a broker that is full says so once until one gets in" {
	printf '%s\n' 'limits: { sessions: 1 }' 'come_back: code' \
	    >"$BATS_TEST_TMPDIR/wampd.yml"
	broker_start -c "$BATS_TEST_TMPDIR/wampd.yml"
	sub_start -u "$WS_URL" t/1
	for _ in 1 2; do
		run -5 wamp-sub -u "$WS_URL" -E t/1
		assert_output --partial 'no room for a session'
	done
	run -0 grep -c 'refused: limits.sessions is 1$' "$BROKER_LOG"
	assert_output 1
	wamp-sub -E t/1
	run -5 wamp-sub -u "$WS_URL" -E t/1
	run -0 grep -c 'refused: limits.sessions is 1$' "$BROKER_LOG"
	assert_output 2
	run -0 wamp-call wampd.stats
	assert_output --partial '"sessions_refused":3,'
}
