#!/usr/bin/env bats
# What examples/{php,python,node,ci} show: programs in other languages, and
# tests of other projects, work as they are.

load helper

setup() {
	test_begin
	EXAMPLES=${BATS_TEST_DIRNAME%/tests/cli}/examples
	mkdir "$BATS_TEST_TMPDIR/work"
	cd "$BATS_TEST_TMPDIR/work" || return
}

teardown() {
	test_end
}

PUBLISHERS='php/publish.php python/publish.py node/publish.js'
DIRECT='php/publish-direct.php python/publish-direct.py
    node/publish-direct.js'
RECEIVERS='python/receive.py python/receive-direct.py node/receive.js'
# Those of examples_auth.bats.
AUTH='php/oro-users.php php/sessions.php'
TICKETS='php/ticket.php node/ticket.js python/ticket.py'

@test "each program of the examples is tested here" {
	local name

	for name in "$EXAMPLES"/{php,python,node}/*; do
		[[ " $PUBLISHERS $DIRECT $RECEIVERS $AUTH $TICKETS " == \
		    *[[:space:]]"${name#"$EXAMPLES/"}"[[:space:]]* ]]
	done
}

# The same value, however they write it.
heard() {
	sub_wait | jq -c .
}

@test "publish.* publish what JSON can say" {
	local name

	broker_start
	for name in $PUBLISHERS $DIRECT; do
		sub_start -C 1 news
		"$EXAMPLES/$name" news '{"a":[1,"ü/\n",null]}'
		run -0 heard
		assert_output '{"a":[1,"ü/\n",null]}'
	done
}

@test "publish-direct.* publish several events and count the deliveries" {
	local name

	broker_start
	for name in $DIRECT; do
		sub_start -C 3 news
		run -0 "$EXAMPLES/$name" news 1 2 '"three"'
		assert_output '3 deliveries'
		run -0 heard
		assert_output $'1\n2\n"three"'
	done
}

@test "publish.* tell why an event was refused" {
	local name

	broker_start -r "$EXAMPLES/websocket_routing.yml"
	for name in $PUBLISHERS $DIRECT; do
		run -1 "$EXAMPLES/$name" nowhere 1
		assert_output --partial "${name##*/}: "
		assert_output --partial 'no route matches the topic'
		[ "${#lines[@]}" -eq 1 ]
	done
}

@test "publish.* tell that there is no broker" {
	local name

	for name in $PUBLISHERS $DIRECT; do
		run -1 "$EXAMPLES/$name" news 1
		assert_output --partial "${name##*/}: "
		assert_output --regexp 'No such file|ENOENT'
		[ "${#lines[@]}" -eq 1 ]
	done
}

@test "publish.* reach other machines by WAMP_URL" {
	local name

	broker_start
	for name in $PUBLISHERS; do
		sub_start -C 1 news
		WAMPD_CONTROL=none WAMP_URL=$WS_URL "$EXAMPLES/$name" news 7
		run -0 heard
		assert_output 7
	done
}

subscriptions_are() {
	[ "$(wamp-call wampd.info | jq .subscriptions)" -eq "$1" ]
}

@test "receive.* handle events of several topics, and end" {
	local name pid

	broker_start
	for name in $RECEIVERS; do
		wait_until subscriptions_are 0
		"$EXAMPLES/$name" 2 news sports >heard 3>&- &
		pid=$!
		wait_until subscriptions_are 2
		wamp-pub news 1
		wamp-pub sports 2
		wait "$pid"
		run -0 cat heard
		assert_output $'news has 1\nsports has 2'
	done
}

@test "receive.* end with an error for a topic without a route" {
	local name

	broker_start -r "$EXAMPLES/websocket_routing.yml"
	for name in $RECEIVERS; do
		run ! "$EXAMPLES/$name" 1 nowhere
		assert_output --partial 'no route matches the topic'
	done
}

# ---- ci ----

# A time limit of ours would end bats 1.8 twice.
project_tests() {
	env -u BATS_TEST_TIMEOUT bats project/topics.bats
}

@test "the tests of another project pass, and leave nothing behind" {
	mkdir project tmp
	cp "$EXAMPLES"/ci/* project
	TMPDIR=$PWD/tmp run -0 project_tests
	assert_output --partial 'ok 4 a browser cannot publish'
	run -0 ls tmp
	assert_output ''
}

@test "the tests of another project fail with another routing file" {
	mkdir project
	cp "$EXAMPLES"/ci/* project
	sed -i 's/a-z/0-9/' project/websocket_routing.yml
	run -1 project_tests
	assert_output --partial 'not ok 2 '
	assert_output --partial 'not ok 3 '
	echo 'orders: [' >project/websocket_routing.yml
	run -1 project_tests
	assert_output --partial 'websocket_routing.yml:2:1: error'
}

# ---- tickets ----

# made PROGRAM ARGUMENT...: put the ticket into the file "ticket"; the broker
# makes that of Python, which needs no key.
made() {
	if [[ $1 == python/* ]]; then
		"$EXAMPLES/$1" "${@:2}" >ticket
	else
		"$EXAMPLES/$1" ticket.key "${@:2}" >ticket
	fi
}

@test "ticket.* make tickets that the broker accepts" {
	local name

	wamp-ticket key --output ticket.key >ticket.pub
	echo 'who: { channel: who, handler: { callback: who } }' >routes.yml
	cat >wampd.yml <<-'END'
		routes: [routes.yml]
		handlers:
		  who: { type: jq, call: '.session | [.user, .roles]' }
		tickets:
		  paseto: { keys: ticket.pub, issue_key: ticket.key, once: yes }
	END
	broker_start -c wampd.yml
	for name in $TICKETS; do
		made "$name" anna editor sales
		run -0 wamp-call -u "$WS_URL" --ticket-file ticket who
		assert_output '["anna",["editor","sales"]]'
		made "$name" 'Jörg'
		run -0 wamp-call -u "$WS_URL" --ticket-file ticket who
		assert_output '["Jörg",[]]'
		run -5 wamp-call -u "$WS_URL" --ticket-file ticket who
	done
}

@test "ticket.* tell what is missing" {
	local name

	broker_start
	: >ticket.key
	for name in $TICKETS; do
		run -1 "$EXAMPLES/$name"
		assert_output --partial "${name##*/}: usage: "
		run -1 made "$name" anna
		assert_output --partial "${name##*/}: "
		[ "${#lines[@]}" -eq 1 ]
	done
}
