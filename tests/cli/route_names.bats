#!/usr/bin/env bats
# Topics named by their route: wamp-pub --route and wamp-sub --route, by the
# broker's routes and by routing files.

load helper
load fake_server

setup() {
	test_begin
	ROUTES=${BATS_TEST_DIRNAME%/tests/cli}/examples/websocket_routing.yml
	cd "$BATS_TEST_TMPDIR" || return
}

teardown() {
	fake_end
	test_end
}

# says STATUS LINE ARGUMENT...: wamp-pub ends so, with that line only.
says() {
	run "-$1" wamp-pub "${@:3}" </dev/null
	assert_output "$2"
}

@test "an event goes to the topic of its route, from any source" {
	local pub=(wamp-pub --route oro_email.event user_id=7)

	broker_start -r "$ROUTES"
	sub_start -C 7 'oro/email_event/7/*'
	"${pub[@]}" 'organization_id=*' '{"a":1}'
	"${pub[@]}" '"a=b"' 'organization_id=*'
	"${pub[@]}" -s 'organization_id=*' text
	"${pub[@]}" -n 'organization_id=*'
	"${pub[@]}" 'organization_id=*' <<<'[2]'
	seq 3 4 | "${pub[@]}" -l 'organization_id=*'
	run -0 sub_wait
	assert_output $'{"a":1}\n"a=b"\n"text"\nnull\n[2]\n3\n4'
}

@test "with --routes the topic comes from the files" {
	broker_start
	sub_start -t -C 2 oro/reminder_remind/7 x/1
	echo "x: { channel: 'x/{n}', handler: h }" >n=1.yml
	wamp-pub --routes "$ROUTES" --route oro_reminder.remind user_id=7 1
	wamp-pub --routes "$ROUTES" --routes n=1.yml --route x n=1 2
	run -0 sub_wait
	assert_output $'oro/reminder_remind/7\t1\nx/1\t2'
}

@test "with --routes any server will do, without none but wampd" {
	fake_start ratchet
	run -0 wamp-pub -u "$FAKE" --routes "$ROUTES" \
	    --route oro_reminder.remind user_id=7 1
	refute_output
	run -0 fake_heard
	assert_output '[7,"oro/reminder_remind/7",1]'
	says 3 'wamp-pub: only wampd can generate the topic of --route: add'\
' --routes FILE for other servers' -u "$FAKE" --route oro_sync.ping 1
}

@test "the broker says what is wrong with a route or its parameters" {
	local error='wamp-pub: wampd.error.invalid_argument:'

	broker_start -r "$ROUTES"
	says 3 "$error there is no route \"none\"" --route none 1
	says 3 "$error the route \"oro_email.event\" needs the parameter"\
' organization_id' --route oro_email.event user_id=7 1
	says 3 "$error user_id=x: the route \"oro_reminder.remind\" requires"\
' \d+' --route oro_reminder.remind user_id=x 1
	says 3 "$error user_id=: the route \"oro_reminder.remind\" requires"\
' \d+' --route oro_reminder.remind user_id= 1
	says 3 'wamp-pub: wampd.error.not_permitted: only local peers may'\
' call this' -u "$WS_URL" --route oro_sync.ping 1
}

@test "wamp-routes says it of files, before there is a connection" {
	says 1 'wamp-routes: there is no route "none"' \
	    --routes "$ROUTES" --route none 1
	says 1 'wamp-routes: the route "oro_email.event" needs the parameters'\
' user_id, organization_id' --routes "$ROUTES" --route oro_email.event 1
	says 1 'wamp-routes: user_id=x: the route "oro_reminder.remind"'\
' requires \d+' --routes "$ROUTES" --route oro_reminder.remind user_id=x 1
	run -1 wamp-pub --routes none.yml --route x 1
	assert_output --partial 'none.yml: error: cannot open'
	says 1 '' -q --routes "$ROUTES" --route none 1
}

@test "wamp-routes missing is told" {
	mkdir alone
	cp "$BIN/wamp-pub" alone/
	run -1 alone/wamp-pub --routes "$ROUTES" --route oro_sync.ping 1
	assert_output --regexp \
	    '^wamp-pub: --routes: cannot run .*/alone/wamp-routes: No such'
}

@test "a parameter that the route lacks is told, the event published" {
	local text='the route "oro_sync.ping" has no parameter x'

	broker_start -r "$ROUTES"
	sub_start -C 2 oro/ping
	says 0 "wamp-pub: $text" --route oro_sync.ping x=1 1
	says 0 "wamp-routes: $text" --routes "$ROUTES" --route oro_sync.ping \
	    x=1 2
	run -0 sub_wait
	assert_output $'1\n2'
}

@test "what the command line lacks or has twice is a usage error" {
	local invalid=$'\xff'

	says 2 'wamp-pub: --route needs a value: NAME' --route
	says 2 'wamp-pub: --route: the value is empty, it needs NAME' \
	    --route '' user_id=7 1
	says 2 'wamp-pub: --route: the value is not UTF-8' \
	    --route "$invalid" 1
	says 2 'wamp-pub: the parameter 1 is not UTF-8' --route a "b=$invalid"
	says 2 'wamp-pub: the parameter user_id is given twice' \
	    --route oro_reminder.remind user_id=7 user_id=7 1
	says 2 'wamp-pub: =7: a parameter needs a name' --route a =7 1
	says 2 'wamp-pub: --routes needs --route' --routes "$ROUTES" topic 1
	says 2 'wamp-pub: --route takes name=value, no TOPIC, and at most one'\
' event' --route oro_sync.ping topic 1
	run -2 wamp-pub --route a -l 1
	assert_output --partial 'exclude each other'
	run -1 wamp-pub --route a topic
	assert_output --partial 'invalid JSON'
	# shellcheck disable=SC2046	# words
	says 2 'wamp-pub: more than 32 parameters' --route a \
	    $(seq -f 'p%g=1' 33)
}

@test "without --route, name=value is a topic as any other" {
	broker_start
	sub_start -C 1 a=b
	wamp-pub a=b 1
	run -0 sub_wait
	assert_output 1
}

@test "wamp-sub subscribes by route, besides other topics" {
	broker_start -r "$ROUTES"
	sub_start -t -C 2 --route oro_reminder.remind user_id=7 oro/ping
	sub_start -C 1 --routes "$ROUTES" --route oro_reminder.remind user_id=7
	wamp-pub oro/reminder_remind/7 1
	wamp-pub oro/ping 2
	run -0 sub_wait 1
	assert_output $'oro/reminder_remind/7\t1\noro/ping\t2'
	run -0 sub_wait 2
	assert_output 1
	run -3 wamp-sub -E --route oro_reminder.remind
	assert_output --partial 'needs the parameter user_id'
	run -1 wamp-sub -E --routes "$ROUTES" --route none
	assert_output 'wamp-routes: there is no route "none"'
	run -2 wamp-sub --routes "$ROUTES" topic
	assert_output 'wamp-sub: --routes needs --route'
}
