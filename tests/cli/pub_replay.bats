#!/usr/bin/env bats
# wamp-pub(1) --replay: what wamp-sub -j has recorded, once more.

# shellcheck disable=SC2016	# jq's variables

load helper

setup() {
	test_begin
	ROUTES=${BATS_TEST_DIRNAME%/tests/cli}/examples/websocket_routing.yml
	RECORD=$BATS_TEST_TMPDIR/record
}

teardown() {
	test_end
}

# recorded [TIME TOPIC EVENT]...: the recording, of one day; a topic is JSON.
recorded() {
	while [ "$#" -gt 0 ]; do
		printf '{"time":"2026-11-21T%sZ","topic":%s,"event":%s}\n' \
		    "$1" "$2" "$3"
		shift 3
	done >"$RECORD"
}

# Milliseconds of the monotonic clock.
uptime_ms() {
	local up

	read -r up _ </proc/uptime
	echo "$((10#${up/./} * 10))"
}

@test "publishes what wamp-sub -j has recorded, byte for byte" {
	broker_start
	sub_start -C 4 -j --all
	wamp-pub a '{ "n" : 9007199254740993 }'
	wamp-pub 'a"b/é' '"\u00e9\/"'
	wamp-pub -l a < <(printf '1e400\nnull\n')
	sub_wait >"$RECORD"
	sub_start -C 4 -j --all
	run -0 wamp-pub --replay "$RECORD" --speed max -v
	assert_output --partial '4 of 4 events acknowledged, 4 deliveries'
	sub_wait | jq -c 'del(.time)' >"$BATS_TEST_TMPDIR/again"
	jq -c 'del(.time)' "$RECORD" | cmp - "$BATS_TEST_TMPDIR/again"
	cut -d , -f 2- <"$RECORD" >"$BATS_TEST_TMPDIR/bytes"
	sub_wait | cut -d , -f 2- | cmp - "$BATS_TEST_TMPDIR/bytes"
}

@test "from a pipe, and NUL-ended with -0" {
	recorded 08:00:00 '"a"' 1 08:00:00 '"b"' '"x"'
	run -0 wamp-pub --replay - --dry-run <"$RECORD"
	assert_output $'[7,"a",1]\n[7,"b","x"]'
	run -0 wamp-pub -0 --replay - --dry-run < <(tr '\n' '\0' <"$RECORD")
	assert_output $'[7,"a",1]\n[7,"b","x"]'
	run -0 wamp-pub --replay - </dev/null --dry-run
	assert_output ''
}

@test "takes the time that it was recorded in, or a part of it" {
	local began took speed

	recorded 08:00:00.1 '"a"' 1 08:00:00.3 '"a"' 2 08:00:01.1 '"a"' 3
	for speed in 1 4 0.5; do
		began=$(uptime_ms)
		run -0 wamp-pub --replay "$RECORD" --speed "$speed" --dry-run
		took=$(($(uptime_ms) - began))
		assert_output $'[7,"a",1]\n[7,"a",2]\n[7,"a",3]'
		# The clock of the test counts in hundredths.
		jq -ne "$took >= 1000 / $speed - 20"
	done
}

@test "goes on at once where the clock of the recording was set back" {
	recorded 08:00:00 '"a"' 1 07:00:00 '"a"' 2 07:00:00.01 '"a"' 3
	run -0 wamp-pub --replay "$RECORD" --speed 1 --dry-run
	assert_output $'[7,"a",1]\n[7,"a",2]\n[7,"a",3]'
}

@test "--speed max, --rate, --delay and --dry-run ask for no time" {
	local how

	printf '{"topic":"a","event":%d}\n' 1 2 >"$RECORD"
	printf '{"topic":"a","event":1,"time":"%s"}\n' \
	    1970-01-01T00:00:00Z 2026-11-21T08:00:00Z >>"$RECORD"
	broker_start
	for how in '--speed max' '--speed 0' '--rate 100' '--delay 0.01' \
	    --dry-run; do
		# shellcheck disable=SC2086	# an option and its value
		run -0 wamp-pub --replay "$RECORD" $how
	done
	run -1 wamp-pub --replay "$RECORD"
	assert_output 'wamp-pub: line 1: no time (--speed max needs none)'
}

@test "the topic may be another: an operand, a route's, or what jq makes" {
	recorded 08:00:00 '"a"' '{"to":"x"}' 08:00:00 '"b"' '{"to":"y"}'
	run -0 wamp-pub --replay "$RECORD" --dry-run c
	assert_output $'[7,"c",{"to":"x"}]\n[7,"c",{"to":"y"}]'
	run -0 wamp-pub --replay "$RECORD" --dry-run --topic-jq .to
	assert_output $'[7,"x",{"to":"x"}]\n[7,"y",{"to":"y"}]'
	run -0 wamp-pub --replay "$RECORD" --dry-run -e '.to, empty'
	assert_output $'[7,"a","x"]\n[7,"b","y"]'
	run -0 wamp-pub --replay "$RECORD" --dry-run -e .to \
	    --route oro_reminder.remind user_id=7 --routes "$ROUTES"
	assert_line -n 0 '[7,"oro/reminder_remind/7","x"]'
}

@test "programs know the recorded topic as \$topic" {
	local big=9007199254740993

	recorded 08:00:00 '"a\u0022"' "{\"id\":$big}" 08:00:00 '"b"' "$big"
	run -0 wamp-pub --replay "$RECORD" --dry-run \
	    --topic-jq '$to + $topic' --arg to x/
	assert_line -n 0 "[7,\"x/a\\\"\",{\"id\":$big}]"
	assert_line -n 1 "[7,\"x/b\",$big]"
	run -0 wamp-pub --replay "$RECORD" --dry-run \
	    -e 'select($topic == "b") | [., $n]' --argjson n "$big"
	assert_output "[7,\"b\",[$big,$big]]"
	run -2 wamp-pub --replay "$RECORD" --dry-run -e . --arg topic 1
	assert_output --partial '--arg: $topic is already in use'
	run -2 wamp-pub --dry-run -e '$topic' t 1
	assert_output --partial 'topic is not defined'
}

@test "a line that is none is one error with its number" {
	local line

	broker_start
	sub_start --idle 1 a
	for line in '{"topic":"a","event":' '[1]' '{"event":1}' \
	    '{"topic":"a"}' '{"topic":1,"event":1}' '{"topic":"","event":1}' \
	    '{"topic":"a","event":1,"time":"soon"}'; do
		recorded 08:00:00 '"a"' 1 08:00:00 '"a"' 2
		printf '%s\n' "$line" >>"$RECORD"
		run -1 wamp-pub --replay "$RECORD" --speed max
		assert_output --regexp '^wamp-pub: line 3: '
		[ "${#lines[@]}" -eq 1 ]
		run -1 wamp-pub --replay "$RECORD" --skip-invalid
		assert_line -n 0 --regexp '^wamp-pub: line 3: .*, skipped$'
		assert_line -n 1 'wamp-pub: 1 invalid event skipped'
	done
	run -0 sub_wait
	[ "${#lines[@]}" -eq 28 ]
	run -1 wamp-pub --replay "$BATS_TEST_TMPDIR/none"
	assert_output --partial 'none: No such file'
}

@test "--from-line goes on with that one, at once" {
	recorded 08:00:00 '"a"' 1 09:00:00 '"a"' 2 09:00:00.01 '"a"' 3
	run -0 wamp-pub --replay "$RECORD" --from-line 2 --speed 1 --dry-run
	assert_output $'[7,"a",2]\n[7,"a",3]'
}

@test "a signal ends a long pause at once, and tells how far it came" {
	local pid status=0

	recorded 08:00:00 '"a"' 1 20:00:00 '"a"' 2
	broker_start
	sub_start -C 1 a
	wamp-pub --replay "$RECORD" 2>"$BATS_TEST_TMPDIR/err" 3>&- &
	pid=$!
	run -0 sub_wait
	assert_output 1
	kill -s INT "$pid"	# which is ignored behind &
	kill -s TERM "$pid"
	wait "$pid" || status=$?
	[ "$status" -eq 143 ]
	run -0 cat "$BATS_TEST_TMPDIR/err"
	assert_output 'wamp-pub: terminated (1 of 1 events acknowledged,'\
' 1 delivery; continue with --from-line 2)'
}

@test "an event that was kept is published as any other" {
	broker_start
	wamp-pub --retain a 1
	wamp-sub --retained-only -j a >"$RECORD"
	grep -q '"retained":true' "$RECORD"
	wamp-call wampd.forget a
	run -0 wamp-pub --replay "$RECORD"
	run -0 wamp-sub --retained-only a
	assert_output ''
	run -0 wamp-pub --replay "$RECORD" --retain
	run -0 wamp-sub --retained-only a
	assert_output 1
}

@test "a broker that comes back gets the rest, with --retry" {
	local i pid

	for ((i = 0; i < 40; i++)); do
		printf '{"time":%d.%02d,"topic":"a","event":%d}\n' \
		    "$((i / 20))" "$((i % 20 * 5))" "$i"
	done >"$RECORD"
	broker_start
	sub_start --retry-delay 0.05 -C 1 a
	wamp-pub --replay "$RECORD" --retain --retry 1000 \
	    --retry-delay 0.05 2>/dev/null 3>&- &
	pid=$!
	run -0 sub_wait
	broker_stop TERM
	broker_start
	wait "$pid"
	run -0 wamp-sub --retained-only a
	assert_output 39
}

@test "usage errors of --replay and --speed" {
	local how

	recorded 08:00:00 '"a"' 1
	for how in '-f x' -n -s '--repeat 2' '--from-value 2' 'a 1' 'a -' \
	    '--speed 2x' '--speed -1' '--speed inf' '--speed 2 --rate 1' \
	    '--speed 2 --delay 1' '--topic-jq .a b' '-l -0'; do
		# shellcheck disable=SC2086	# options and their values
		run -2 wamp-pub --replay "$RECORD" $how
		assert_output --regexp '^wamp-pub: '
	done
	run -2 wamp-pub --speed 2 a 1
	assert_output --partial '--speed needs --replay'
}
