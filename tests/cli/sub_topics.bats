#!/usr/bin/env bats
# wamp-sub(1): what it hears of, and what the topics keep.

load helper
load fake_server

setup() {
	test_begin
}

teardown() {
	fake_end
	test_end
}

# A broker whose topics keep their last event.
broker_keeps() {
	cat >"$BATS_TEST_TMPDIR/routes.yml" <<-'END'
		all:
		    channel: "{name}"
		    handler: { callback: keep }
		    requirements: { name: { pattern: .+ } }
	END
	cat >"$BATS_TEST_TMPDIR/wampd.yml" <<-'END'
		handlers:
		  keep: { type: broadcast, retain: true, publish: [anyone] }
	END
	broker_start -c "$BATS_TEST_TMPDIR/wampd.yml" \
	    -r "$BATS_TEST_TMPDIR/routes.yml"
}

@test "--prefix hears of all topics that begin so" {
	broker_start
	sub_start -C 3 -t --prefix a/ --prefix c
	wamp-pub a/1 1
	wamp-pub b 2
	wamp-pub a 3
	wamp-pub c 4
	wamp-pub a/2 5
	run -0 sub_wait
	assert_output $'a/1\t1\nc\t4\na/2\t5'
}

@test "--all hears of everything, and of each event once" {
	broker_start
	sub_start -C 3 -t --all --prefix a a
	wamp-pub a 1
	wamp-pub b/c 2
	wamp-pub ab 3
	run -0 sub_wait
	assert_output $'a\t1\nb/c\t2\nab\t3'
}

@test "-T leaves topics out, of those named as well" {
	broker_start
	sub_start -C 2 -t --all -T '*/tick' -T 'x?' xy
	wamp-pub a/tick 1
	wamp-pub a/b/tick 2
	wamp-pub xy 3
	wamp-pub x 4
	wamp-pub tick 5
	run -0 sub_wait
	assert_output $'x\t4\ntick\t5'
}

@test "-T takes escapes in topics for what they stand for" {
	broker_start
	sub_start -C 1 -T $'a"*' $'a"b' c
	wamp-pub $'a"b' 1
	wamp-pub c 2
	run -0 sub_wait
	assert_output 2
}

@test "--prefix and --all need the control socket of wampd" {
	broker_start
	run -3 wamp-sub -u "$WS_URL" --prefix a
	assert_output --regexp '^wamp-sub: --prefix: .*only local peers'
	run -3 wamp-sub -u "$WS_URL" --all
	assert_output --regexp '^wamp-sub: --all: .*only local peers'
	fake_start ratchet
	run -3 wamp-sub -u "$FAKE" --all
	assert_output 'wamp-sub: --all: the server is not wampd'
}

@test "--retained-only prints what topics keep, and ends" {
	broker_keeps
	wamp-pub a 1
	wamp-pub a 2
	wamp-pub b/1 3
	wamp-pub b/2 4
	run -0 wamp-sub --retained-only -t a none
	assert_output $'a\t2'
	wamp-sub --retained-only -t --prefix b/ a |
	    sort >"$BATS_TEST_TMPDIR/got"
	run -0 cat "$BATS_TEST_TMPDIR/got"
	assert_output $'a\t2\nb/1\t3\nb/2\t4'
	run -0 wamp-sub --retained-only -u "$WS_URL" a
	assert_output 2
	run -0 wamp-sub --retained-only -C 1 -r --all -T '[ab]/*'
	assert_output 2
	run -0 wamp-sub --retained-only -C 5 a
	assert_output 2
}

@test "--new leaves out what topics have kept before" {
	broker_keeps
	wamp-pub a 1
	wamp-pub b/1 2
	sub_start --new -v -C 3 -t a --prefix b/
	wamp-pub a 3
	wamp-pub b/1 4
	wamp-pub b/2 5
	run -0 --separate-stderr sub_wait
	assert_output $'a\t3\nb/1\t4\nb/2\t5'
	[[ ${stderr:?} == *'wamp-sub: 3 events, 2 retained skipped'* ]]
}

@test "--new does so over WebSocket, of all topics and after a filter" {
	broker_keeps
	wamp-pub a 1
	sub_start --new -u "$WS_URL" -C 1 a
	wamp-pub a 2
	run -0 sub_wait
	assert_output 2
	sub_start --new -C 1 --all -e '. * 10'
	wamp-pub a 3
	run -0 sub_wait
	assert_output 30
	run -0 wamp-sub --new -E a
	assert_output ''
}

@test "--new takes no live event for a kept one, whatever comes meanwhile" {
	local events=$BATS_TEST_TMPDIR/events i pid

	broker_keeps
	for i in {1..500}; do
		printf '{"t":"k/%d","e":%d}\n' "$((i % 50))" "$i"
	done >"$events"
	wamp-pub -f "$events" --topic-jq .t
	wamp-pub -f "$events" --topic-jq .t -e '.live = true' 3>&- &
	pid=$!
	run -0 wamp-sub --new --idle 1 --prefix k/ k/7
	wait "$pid"
	jq -se 'all(.live)' <<<"$output"
	# What it has left out was kept when it came.
	run -0 wamp-sub --retained-only --prefix k/ -e 'select(.live | not)'
	assert_output ''
}

@test "-j and -F %R mark what topics have kept" {
	broker_keeps
	wamp-pub a '{"n":1}'
	sub_start -C 2 -j a
	wamp-pub a '{"n":2}'
	run -0 sub_wait
	assert_line -n 0 --regexp \
	    '^\{"time":"[^"]*","topic":"a","retained":true,"event":\{"n":1\}\}$'
	assert_line -n 1 --regexp '^\{"time":"[^"]*","topic":"a","event":'
	sub_start -C 2 -F '%R %p\n' -u "$WS_URL" a
	wamp-pub a 3
	run -0 sub_wait
	assert_output $'1 {"n":2}\n0 3'
	run -0 wamp-sub --retained-only -F '%R\n' --all
	assert_output 1
}

@test "--new and -F %R need wampd: others do not say what they kept" {
	fake_start ratchet
	run -3 wamp-sub -u "$FAKE" --new a
	assert_output \
	    "wamp-sub: --new: the server is not wampd and does not say which\
 events are retained"
	run -3 wamp-sub -u "$FAKE" -F '%t %R' a
	assert_output --regexp '^wamp-sub: -F %R: the server is not wampd'
	run -2 wamp-sub --new --retained-only a
	assert_output --partial '--new and --retained-only exclude each other'
}

@test "--retained-only needs wampd: others do not say when all has come" {
	fake_start ratchet
	run -3 wamp-sub -u "$FAKE" --retained-only a
	assert_output --regexp '^wamp-sub: --retained-only: '
	[ "${#lines[@]}" -eq 1 ]
}

@test "what all topics keep may be more than a session may have queued" {
	local event i

	broker_keeps
	event=$(printf '%01000d' 0 | tr 0 1)
	for ((i = 0; i < 4000; i++)); do
		printf '{"t":"k/%04d","e":%s}\n' "$i" "$event"
	done | wamp-pub -l --topic-jq .t
	run -0 wamp-sub --retained-only --prefix k/ -F '%t=%{.t} %l\n'
	[ "${#lines[@]}" -eq 4000 ]
	[ "$(printf '%s\n' "${lines[@]}" | sort -u | wc -l)" -eq 4000 ]
	[ "${lines[0]#* }" -eq 1019 ]
}

@test "-E ends when all stands, printing nothing that topics keep" {
	broker_keeps
	wamp-pub a 1
	run -0 wamp-sub -E a --all
	refute_output
}
