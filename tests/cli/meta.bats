#!/usr/bin/env bats
# wamp-control(7): the broker's own topics, and wampd.log.

load helper

setup() {
	test_begin
	cd "$BATS_TEST_TMPDIR" || return
}

teardown() {
	test_end
}

# config LINE...: write wampd.yml.
config() {
	printf '%s\n' "$@" >wampd.yml
}

# got N FILTER: the Nth watcher has got an event of which this is true.
got() {
	jq -en "first(inputs | select($2)) | true" "sub.$1.out" >/dev/null
}

# members N FILTER: the members of the first such event, in their order.
members() {
	jq -cn "first(inputs | select($2)) | keys_unsorted" "sub.$1.out"
}

# documented TOPIC: the members that the page lists for it.
documented() {
	awk -v topic="$1" '/^\.Sh/ { inside = /TOPICS/ }
		!inside { next }
		/^\.It Li wampd\./ { on = $3 == topic }
		on && /^\.El/ { exit }
		on && /^\.It Li [a-z]+( |$)/ {
			gsub(/^\.It Li | ,/, "")
			print
		}' "$BATS_TEST_DIRNAME/../../man/wamp-control.7" |
	    tr ' ' '\n'
}

# leave N: end the Nth watcher.
leave() {
	kill "$(cat "sub.$1.pid")"
	sub_wait "$1" || true
}

# ---- who may ----

@test "a session's life is shown as it happens" {
	broker_start
	sub_start wampd.session.open wampd.session.close
	wamp-call -u "$WS_URL" wampd.echo
	wait_until got 1 '.reason != null'
	got 1 '.transport == "ws" and .principal == "anonymous" and
	    .code == null and (.address | startswith("127.0.0.1:"))'
	got 1 '.code == 0 and .reason == "the peer left" and
	    .messages == 1 and .bytes > 0 and .sent > 0 and .duration >= 0'
}

@test "a subscription is told with its topic, and how many there are" {
	broker_start
	sub_start wampd.subscription.open wampd.subscription.close
	sub_start t
	sub_start t
	wait_until got 1 '.topic == "t" and .subscribers == 2'
	got 1 '.topic == "t" and .subscribers == 1'
	leave 2
	wait_until got 1 '.topic == "t" and .number == 1 and
	    .subscribers == 1'
}

@test "a prefix of the broker's topics brings all of them" {
	broker_start
	sub_start --prefix wampd.
	wamp-call -u "$WS_URL" wampd.echo
	wait_until got 1 '.reason == "the peer left"'
	wait_until got 1 '(.message // "") | contains(" close code=")'
}

@test "whoever subscribes to other topics does not get them" {
	broker_start
	sub_start --prefix w
	wamp-call -u "$WS_URL" wampd.echo
	wamp-pub wx '"last"'
	wait_until got 1 '. == "last"'
	run -0 wc -l <sub.1.out
	assert_output 1
}

@test "nobody publishes on the broker's topics, nor retains" {
	broker_start
	run -3 wamp-pub wampd.slow 1
	assert_output --partial 'may not publish here'
	run -3 wamp-pub --retain wampd.slow 1
	run -3 wamp-pub -u "$WS_URL" wampd.slow 1
	run -3 wamp-pub wampd.other 1
}

@test "a topic of the broker that does not exist is refused" {
	broker_start
	run -3 wamp-sub -C 1 wampd.sesion.open
	assert_output --partial 'the broker has no topic of that name'
}

@test "only local peers may watch, unless a list says more" {
	broker_start
	run -3 wamp-sub -C 1 -u "$WS_URL" wampd.slow
	assert_output --partial 'anonymous may not subscribe here'
	broker_stop
	config 'handlers:' \
	    '  wampd: { type: broadcast, subscribe: [ loopback ] }'
	broker_start -c wampd.yml
	sub_start -u "$WS_URL" wampd.session.open
	wamp-call -u "$WS_URL" wampd.echo
	wait_until got 1 '.transport == "ws"'
	run -0 wamp-call wampd.may '{}' subscribe wampd.slow
	assert_output --partial '"allowed":false'
	run -3 wamp-pub -u "$WS_URL" wampd.slow 1
}

@test "such a list that is left out lets local peers only" {
	config 'handlers:' '  wampd: { type: broadcast }'
	broker_start -c wampd.yml
	run -3 wamp-sub -C 1 -u "$WS_URL" wampd.slow
	sub_start wampd.slow
}

@test "the handler wampd says nothing else" {
	local keys

	for keys in 'type: ping' 'type: broadcast, publish: anyone' \
	    'type: broadcast, retain: true'; do
		config 'handlers:' "  wampd: { $keys }"
		run -1 wampd -t -c wampd.yml
		assert_output --partial 'wampd.yml:2:'
		assert_output --partial "the broker's own topics"
	done
}

@test "a route cannot take these names, and -t warns" {
	cat >routes.yml <<-'END'
		mine:
		    channel: wampd.slow
		    handler: { callback: open }
	END
	config 'routes: routes.yml' 'handlers:' \
	    '  open: { type: broadcast, subscribe: anyone, publish: anyone }'
	run -0 wampd -t -c wampd.yml
	assert_output --partial 'routes.yml:1:'
	assert_output --partial "wampd."
	broker_start -c wampd.yml
	run -3 wamp-pub wampd.slow 1
	run -3 wamp-sub -C 1 -u "$WS_URL" wampd.slow
}

# ---- the log ----

@test "lines of the log are events" {
	broker_start
	sub_start wampd.log
	run -3 wamp-pub -u "$WS_URL" wampd.slow 1
	wait_until got 1 '.level == "warning" and
	    (.message | contains("publish topic=wampd.slow refused"))'
}

@test "wampd.log changes the level for a time" {
	broker_start
	run -0 wamp-call wampd.log
	assert_output \
	    '{"level":"info","configured":"info","left":null,"sessions":[]}'
	run -0 wamp-call wampd.log '{"level":"debug"}'
	assert_output --partial '"level":"debug","configured":"info"'
	session '[5,"seen"]'
	run -0 wamp-call wampd.log '{"level":null}'
	assert_output --partial '"level":"info","configured":"info"'
	session '[5,"unseen"]'
	wamp-call wampd.log '{"level":"debug","for":"10ms"}'
	wait_until grep -q 'log: level=info again' "$BROKER_LOG"
	session '[5,"unseen"]'
	run -0 grep -c 'subscribe topic=' "$BROKER_LOG"
	assert_output 1
}

@test "wampd.log changes the level of one session" {
	local id

	broker_start
	sub_start wampd.session.open
	sub_start -u "$WS_URL" t
	wait_until got 1 '.transport == "ws"'
	id=$(jq -r 'select(.transport == "ws").session' sub.1.out)
	run -0 wamp-call wampd.log \
	    "{\"session\":\"$id\",\"level\":\"debug\",\"for\":\"1h\"}"
	assert_output --partial "\"session\":\"$id\",\"level\":\"debug\""
	session '[5,"unseen"]'
	run -0 wamp-call wampd.log "{\"session\":\"$id\",\"level\":null}"
	assert_output --partial '"sessions":[]'
	wamp-call wampd.log \
	    "{\"session\":\"$id\",\"level\":\"debug\",\"for\":\"10ms\"}"
	wait_until grep -q "session=$id logs as all others again" \
	    "$BROKER_LOG"
	run -1 grep 'topic=unseen' "$BROKER_LOG"
}

@test "wrong arguments of wampd.log change nothing" {
	local wrong

	broker_start
	for wrong in 1 '"debug"' '{"level":"loud"}' '{"level":1}' '{"x":1}' \
	    '{"for":"1s"}' '{"level":"debug","for":"x"}' \
	    '{"level":"debug","for":"0s"}' '{"level":"debug","for":1}' \
	    '{"level":null,"for":"1s"}' '{"level":"debug","session":1}' \
	    '{"level":"debug","session":"nobody"}' '{"session":"x"}'; do
		run -3 wamp-call wampd.log "$wrong"
		assert_output --partial wampd.error.invalid_argument
	done
	run -0 wamp-call wampd.log
	assert_output --partial '"level":"info"'
	run -3 wamp-call -u "$WS_URL" wampd.log
	assert_output --partial wampd.error.not_permitted
}

@test "a reload tells whether the files are in force" {
	config 'log: { level: info }'
	broker_start -c wampd.yml
	sub_start wampd.reload
	wamp-call wampd.reload
	wait_until got 1 '.ok == true and .errors == 0 and .keys == 0'
	config 'log: { level: loud }'
	run -3 wamp-call wampd.reload
	wait_until got 1 '.ok == false and .errors == 1'
}

@test "a reload with another log.level ends that of wampd.log" {
	config 'log: { level: info }'
	broker_start -c wampd.yml
	wamp-call wampd.log '{"level":"debug","for":"1h"}'
	wamp-call wampd.reload
	run -0 wamp-call wampd.log
	assert_output --partial '"level":"debug","configured":"info"'
	config 'log: { level: warning }'
	wamp-call wampd.reload
	run -0 wamp-call wampd.log
	assert_output --partial \
	    '"level":"warning","configured":"warning","left":null'
}

# ---- the manual ----

@test "wamp-control(7) lists the members of each event" {
	local topic

	broker_start
	sub_start --prefix wampd.
	sub_start t
	leave 2
	wamp-call -u "$WS_URL" wampd.echo
	sub_start -u "$WS_URL" t
	wamp-call wampd.drain '{"spread":"1h"}'
	wamp-call wampd.drain '{"cancel":true}'
	wait_until got 1 '.state == "cancelled"'
	wamp-call wampd.reload
	wait_until got 1 '.restart != null'
	wait_until got 1 '.messages != null'
	wait_until got 1 '.message != null'
	while read -r topic filter; do
		echo "# $topic"
		members 1 "$filter" | jq -r '.[]' |
		    grep -vx 'number\|time\|lost' >program
		documented "$topic" | grep -vx prefix >page
		diff page program
	done <<-'END'
		wampd.session.close .messages != null
		wampd.subscription.open .topic == "t"
		wampd.log .message != null
		wampd.drain .spread != null
		wampd.reload .restart != null
	END
}
