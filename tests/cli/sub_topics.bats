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
	assert_output 'wamp-sub: --all: the server is no wampd'
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
