#!/usr/bin/env bats
# wamp-sub --last and --since: events of the past.
# shellcheck disable=SC2154	# output, of run

load helper
load fake_server

setup() {
	test_begin
	cat >"$BATS_TEST_TMPDIR/routes.yml" <<-'END'
		kept:
		    channel: h/{name}
		    handler: { callback: keep }
		    requirements: { name: { pattern: .+ } }
		state:
		    channel: s/{name}
		    handler: { callback: state }
		secret:
		    channel: n/{name}
		    handler: { callback: secret }
	END
	cat >"$BATS_TEST_TMPDIR/wampd.yml" <<-'END'
		handlers:
		  keep: { type: broadcast, history: 20000, publish: [anyone] }
		  state: { type: broadcast, retain: true, publish: [anyone] }
		  secret: { type: broadcast, subscribe: nobody, history: 9 }
		limits: { queue: 64KiB }
	END
	broker_start -c "$BATS_TEST_TMPDIR/wampd.yml" \
	    -r "$BATS_TEST_TMPDIR/routes.yml"
}

teardown() {
	test_end
}

@test "--last prints the last events, and then the new ones" {
	seq 1 5 | wamp-pub -l h/a
	sub_start -C 4 --last 3 h/a
	wamp-pub h/a 6
	run -0 sub_wait
	assert_output $'3\n4\n5\n6'
	run -0 wamp-sub -C 2 --last 2 -u "$WS_URL" h/a
	assert_output $'5\n6'
}

@test "--since takes how long ago, or a time" {
	local time

	wamp-pub h/a 1
	time=$(date +%s%N)
	is_past() {
		[ $(($(date +%s%N) - time)) -gt 20000000 ]
	}
	wait_until is_past
	time=$(date -u +%FT%T.%NZ)
	wamp-pub h/a 2
	run -0 wamp-sub --retained-only --since 1h h/a
	assert_output $'1\n2'
	run -0 wamp-sub --retained-only --since "$time" h/a
	assert_output 2
	run -0 wamp-sub --retained-only --since 1h --last 1 h/a
	assert_output 2
	run -0 wamp-sub --retained-only --since 0 h/a
	assert_output ''
}

@test "old events show when they were published" {
	local before after time

	before=$(date -u +%FT%T.000Z)
	wamp-pub h/a 1
	wamp-pub s/a 2
	after=$(date -u +%FT%T.999Z)
	is_later() {
		[[ $(date -u +%FT%T.000Z) > $after ]]
	}
	wait_until is_later
	for time in "$(wamp-sub --retained-only --last 1 -F '%I' h/a)" \
	    "$(wamp-sub --retained-only --last 1 -j s/a | jq -r .time)"; do
		echo "$before, $time, $after"
		[[ ! $time < $before && ! $time > $after ]]
	done
	run -0 wamp-sub --retained-only --last 1 -j h/a
	assert_output --partial '"topic":"h/a","history":true,"event":1}'
	run -0 wamp-sub --retained-only --last 1 -F '%R %n %{.}' h/a
	assert_output '1 1 1'
}

@test "several topics, and what --last combines with" {
	wamp-pub h/a 1
	wamp-pub h/b 2
	wamp-pub s/c 3
	run -0 wamp-sub --last 5 --retained-only -t h/a h/b s/c
	assert_output $'h/a\t1\nh/b\t2\ns/c\t3'
	run -0 wamp-sub --last 5 -C 2 -T h/a -t h/a h/b s/c
	assert_output $'h/b\t2\ns/c\t3'
	run -0 wamp-sub --last 5 -W 0.05 h/a
	assert_output 1
	run -0 wamp-sub --last 5 --idle 0.05 h/none
	assert_output ''
	run -0 wamp-sub --last 1 -C 1 --route kept name=b
	assert_output 2
	run -0 wamp-sub --last 1 -C 1 -e '. + 1' h/b
	assert_output 3
}

@test "usage errors of --last and --since" {
	local how

	for how in '--last 0' '--last x' '--since soon' '--since +1h' \
	    '--last 1 -E' '--since 1m --new' '--last 1 --prefix h/' \
	    '--since 1m --all'; do
		echo "$how"
		# shellcheck disable=SC2086	# options, to be split
		run -2 wamp-sub $how h/a
		assert_output --regexp '^wamp-sub: -'
	done
	run -2 wamp-sub --since +1h h/a
	assert_output --partial '--since: +1h is in the future'
}

@test "a topic that is forbidden or has no route is refused" {
	run -3 wamp-sub --last 1 n/a
	assert_output --regexp '^wamp-sub: n/a: .*may not subscribe here'
	run -3 wamp-sub --last 1 -u "$WS_URL" x
	assert_output --regexp '^wamp-sub: x: .*no route matches the topic'
}

@test "other servers keep no events" {
	fake_start ratchet
	run -3 wamp-sub --last 1 -u "$FAKE" a
	assert_output \
	    'wamp-sub: --last: the server is not wampd and keeps no events'
}

@test "a history larger than any queue comes whole, however slow it is" {
	seq 1 20000 | wamp-pub -l h/a
	wamp-sub --last 20000 -C 20001 h/a |
	    { read -r line; wamp-pub h/a '"new"'; echo "$line"; cat; } \
	    >"$BATS_TEST_TMPDIR/got"
	{ seq 1 20000; echo '"new"'; } | cmp - "$BATS_TEST_TMPDIR/got"
}

@test "after a lost connection, the events of the meantime come" {
	wamp-pub h/a 1
	sub_start -C 3 --last 1 --retry-delay 0.3 h/a
	wamp-call wampd.kick "$(wamp-call wampd.sessions |
	    jq -r '.[] | select(.topics != null and .topics[0] == "h/a") |
	    .session')"
	wamp-pub h/a 2
	wait_until grep -q 'may have been missed' \
	    "$BATS_TEST_TMPDIR"/sub.1.*
	wamp-pub h/a 3
	run -0 --separate-stderr sub_wait
	assert_output $'1\n2\n3'
}

@test "an event for some sessions only is not retained" {
	wamp-pub s/a 1
	wamp-pub --eligible 0123456789abcdef s/a '"secret"'
	run -0 wamp-sub --retained-only s/a
	assert_output 1
	run -3 wamp-pub --retain --eligible 0123456789abcdef h/a 1
	assert_output --partial 'for some sessions only cannot be retained'
	# Others than those that are excluded may have it.
	wamp-pub --exclude 0123456789abcdef s/a 2
	run -0 wamp-sub --retained-only s/a
	assert_output 2
}
