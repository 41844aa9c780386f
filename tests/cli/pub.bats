#!/usr/bin/env bats
# wamp-pub(1) against wampd: sources, order, acknowledgement, refusals.

load helper

setup() {
	test_begin
	ROUTES=${BATS_TEST_DIRNAME%/tests/cli}/examples/websocket_routing.yml
	TOPIC=demo/news
}

teardown() {
	test_end
}

# got N: the events that a wamp-sub of N events printed.
got() {
	run -0 --separate-stderr sub_wait
}

# ---- sources ----

@test "publishes the operand byte for byte" {
	local event

	broker_start
	sub_start -C 4 "$TOPIC"
	for event in '9007199254740993' '{ "b":1, "a" : [ 1e400,-0 ] }' \
	    '"\u0000 é \/"' 'null'; do
		wamp-pub "$TOPIC" "$event"
	done
	got
	assert_line --index 0 '9007199254740993'
	assert_line --index 1 '{ "b":1, "a" : [ 1e400,-0 ] }'
	assert_line --index 2 '"\u0000 é \/"'
	assert_line --index 3 'null'
}

@test "without an operand stdin is one event, whatever its lines" {
	broker_start
	sub_start -C 1 "$TOPIC"
	printf ' {"a":\n\t1}\r\n' | wamp-pub "$TOPIC"
	got
	assert_output $'{"a": \t1}'
}

@test "-l publishes each line, also a last one without its end" {
	broker_start
	sub_start -C 3 "$TOPIC"
	printf '1\n"two"\r\n[3]' | wamp-pub -l "$TOPIC"
	got
	assert_output $'1\n"two"\n[3]'
}

@test "-l keeps the order of a long stream" {
	broker_start
	sub_start -C 200000 "$TOPIC"
	seq 1 200000 | wamp-pub -l "$TOPIC"
	sub_wait >"$BATS_TEST_TMPDIR/got"
	seq 1 200000 | cmp - "$BATS_TEST_TMPDIR/got"
}

@test "-l with no input publishes nothing and succeeds" {
	broker_start
	run -0 --separate-stderr wamp-pub -lv "$TOPIC" </dev/null
	[ -z "$output" ]
	[[ $stderr == *"0 of 0 events acknowledged"* ]]
}

@test "input that pauses is published and acknowledged at once" {
	local fifo=$BATS_TEST_TMPDIR/fifo status=0

	broker_start
	sub_start -C 1 "$TOPIC"
	mkfifo "$fifo"
	wamp-pub -l "$TOPIC" <"$fifo" 3>&- &
	exec {pipe}>"$fifo"
	echo '"first"' >&"$pipe"
	got		# while wamp-pub waits for more
	assert_output '"first"'
	exec {pipe}>&-
	wait $! || status=$?
	[ "$status" -eq 0 ]
}

@test "-0 publishes NUL-ended records" {
	broker_start
	sub_start -C 2 "$TOPIC"
	printf '1\0{"a":\n2}\0' | wamp-pub -0 "$TOPIC"
	got
	assert_output $'1\n{"a": 2}'
}

@test "-f reads a file" {
	broker_start
	sub_start -C 2 "$TOPIC"
	printf '1\n2\n' >"$BATS_TEST_TMPDIR/events"
	wamp-pub -l -f "$BATS_TEST_TMPDIR/events" "$TOPIC"
	got
	assert_output $'1\n2'
	run -1 wamp-pub -f "$BATS_TEST_TMPDIR/missing" "$TOPIC"
	assert_output --partial 'missing: No such file'
	run -1 wamp-pub -f "$BATS_TEST_TMPDIR" "$TOPIC"
	assert_output --partial 'Is a directory'
}

@test "-s publishes text as a string, -n null" {
	broker_start
	sub_start -C 5 "$TOPIC"
	wamp-pub -s "$TOPIC" $'say "é"\t\\'
	printf 'a\nb' | wamp-pub -s "$TOPIC"
	printf 'c\n\n' | wamp-pub -sl "$TOPIC"
	wamp-pub -n "$TOPIC"
	got
	assert_output '"say \"é\"\t\\"
"a\nb"
"c"
""
null'
}

@test "a large event passes in one piece" {
	local event

	broker_start
	sub_start -C 1 "$TOPIC"
	event=$(head -c 1000000 /dev/zero | tr '\0' x)
	wamp-pub -s "$TOPIC" <<<"$event"
	sub_wait >"$BATS_TEST_TMPDIR/got"
	[ "$(wc -c <"$BATS_TEST_TMPDIR/got")" -eq 1000005 ]
}

# ---- bad input ----

@test "invalid JSON is an error before anything is sent" {
	run -1 wamp-pub "$TOPIC" '{"a":}'
	assert_output --partial 'wamp-pub: invalid JSON: expected a value'
	run -1 wamp-pub "$TOPIC" ''
	assert_output --partial 'invalid JSON'
}

@test "an invalid line stops with its number, after the lines before it" {
	broker_start
	sub_start -C 2 "$TOPIC"
	run -1 --separate-stderr wamp-pub -l "$TOPIC" \
	    < <(printf '1\n2\noops\n4\n')
	[[ $stderr == "wamp-pub: line 3: invalid JSON"* ]]
	[[ $stderr != *$'\n'* ]]
	got
	assert_output $'1\n2'
}

@test "--skip-invalid reports invalid lines, goes on, and exits 1" {
	broker_start
	sub_start -C 3 "$TOPIC"
	run -1 wamp-pub -l --skip-invalid "$TOPIC" \
	    < <(printf '1\noops\n3\n\xff\n5\n')
	assert_line --partial 'wamp-pub: line 2: '
	assert_line --partial 'wamp-pub: line 4: '
	assert_line 'wamp-pub: 2 invalid events skipped'
	got
	assert_output $'1\n3\n5'
	run -1 wamp-pub -l --skip-invalid "$TOPIC" <<<oops
	assert_line 'wamp-pub: 1 invalid event skipped'
}

@test "what is not UTF-8 is not made a string" {
	broker_start
	run -1 wamp-pub -sl "$TOPIC" < <(printf 'fine\n\xff\n')
	assert_output 'wamp-pub: line 2: not UTF-8'
	run -2 wamp-pub $'\xff' 1
	assert_output --partial 'TOPIC is not UTF-8'
}

@test "an event that is nested too deep is refused here" {
	run -1 wamp-pub "$TOPIC" "$(printf '[%.0s' {1..200})"
	assert_output --partial 'invalid JSON'
}

# ---- receivers ----

@test "--exclude, --eligible and --exclude-me choose the receivers" {
	local one two

	broker_start
	sub_start -C 2 "$TOPIC"
	sub_start -C 3 "$TOPIC"
	one=$(cat "$BATS_TEST_TMPDIR/sub.1.ready")
	two=$(cat "$BATS_TEST_TMPDIR/sub.2.ready")
	wamp-pub --exclude "$one" "$TOPIC" '"not one"'
	wamp-pub --eligible "$one" --exclude-me "$TOPIC" '"only one"'
	wamp-pub --eligible "$one" --eligible "$two" --exclude "$one" \
	    "$TOPIC" '"only two"'
	wamp-pub --exclude-me "$TOPIC" '"all"'
	run -0 sub_wait 1
	assert_output $'"only one"\n"all"'
	run -0 sub_wait 2
	assert_output $'"not one"\n"only two"\n"all"'
}

@test "-v tells how many events reached how many sessions" {
	broker_start
	sub_start "$TOPIC"
	sub_start "$TOPIC"
	run -0 --separate-stderr wamp-pub -lv "$TOPIC" < <(printf '1\n2\n3\n')
	[ -z "$output" ]
	[[ $stderr == *"3 of 3 events acknowledged, 6 deliveries"* ]]
}

@test "says nothing when all is well" {
	broker_start
	run -0 wamp-pub "$TOPIC" 1
	refute_output
}

# ---- refusals and losses ----

@test "a refused event exits 3 with the reason" {
	broker_start -r "$ROUTES"
	run -3 wamp-pub no/such/route 1
	assert_output --regexp '^wamp-pub: no/such/route: .*no_route'
	[ "${#lines[@]}" -eq 1 ]
	run -3 wamp-pub -l no/such/route < <(seq 1 5)
	assert_output --partial 'event 1: '
	run -3 wamp-pub -q no/such/route 1
	refute_output
}

@test "an event above the broker's limit is refused, not lost silently" {
	broker_start
	head -c 3000000 /dev/zero | tr '\0' x >"$BATS_TEST_TMPDIR/big"
	run -3 wamp-pub -s -f "$BATS_TEST_TMPDIR/big" "$TOPIC"
	assert_output --partial 'wampd.error.protocol_violation'
	[ "${#lines[@]}" -eq 1 ]
}

@test "a broker that goes ends a stream with 6, telling what it took" {
	local fifo=$BATS_TEST_TMPDIR/fifo status=0

	broker_start
	sub_start -C 2 "$TOPIC"
	mkfifo "$fifo"
	wamp-pub -l "$TOPIC" <"$fifo" 2>"$BATS_TEST_TMPDIR/err" 3>&- &
	exec {pipe}>"$fifo"
	seq 1 2 >&"$pipe"
	got
	broker_stop TERM
	wait $! || status=$?
	exec {pipe}>&-
	[ "$status" -eq 6 ]
	run -0 cat "$BATS_TEST_TMPDIR/err"
	assert_output --regexp '^wamp-pub: .*\(2 of 2 events acknowledged, 2 '\
'deliveries; continue with --from'
}

# ---- over WebSocket ----

@test "over WebSocket a stream is acknowledged and in order, too" {
	broker_start
	sub_start -u "$WS_URL" -C 20000 "$TOPIC"
	run -0 --separate-stderr wamp-pub -u "$WS_URL" -lv "$TOPIC" \
	    < <(seq 1 20000)
	[[ $stderr == *"20000 of 20000 events acknowledged, 20000"* ]]
	sub_wait >"$BATS_TEST_TMPDIR/got"
	seq 1 20000 | cmp - "$BATS_TEST_TMPDIR/got"
}

@test "WAMP_URL names the server, and -S overrules it" {
	broker_start
	WAMP_URL=$WS_URL run -0 wamp-pub -v "$TOPIC" 1
	assert_output --partial 'acknowledged'
	WAMP_URL=ws://127.0.0.1:1/ run -0 wamp-pub -S "$WAMPD_CONTROL" \
	    "$TOPIC" 1
	WAMP_URL=ws://127.0.0.1:1/ run -5 wamp-pub "$TOPIC" 1
}

# ---- the command line ----

@test "-h fits a screen and -V names the version" {
	run -0 --separate-stderr wamp-pub -h
	[ "${#lines[@]}" -le 24 ]
	[ -z "$stderr" ]
	run -0 wamp-pub -V
	assert_output --regexp '^wamp-pub [0-9]+\.[0-9]+\.[0-9]+$'
}

@test "usage errors exit 2 with one line" {
	local arguments

	run -2 wamp-pub
	assert_output 'wamp-pub: need TOPIC, and at most one event'
	while read -ra arguments; do
		run -2 wamp-pub "${arguments[@]}"
		assert_output --partial 'wamp-pub: '
		[ "${#lines[@]}" -eq 1 ]
	done <<-'END'
		topic 1 2
		-l topic 1
		-n topic 1
		-n -s topic
		-l -0 topic
		--skip-invalid topic
		--no-such-option topic
		-w soon topic 1
		-u http://127.0.0.1/ topic 1
		-u ws://127.0.0.1:99999/ topic 1
		-u ws://h/ -S p topic 1
		--insecure topic 1
	END
	run -2 wamp-pub '' 1
	assert_output 'wamp-pub: TOPIC is empty'
}
