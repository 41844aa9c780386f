#!/usr/bin/env bats
# wampd.yml's handlers, services, parameters and routing: what wampd accepts,
# and what it says of the rest.  What handlers do is with the wire tests.

load helper

setup() {
	test_begin
	ROOT=${BATS_TEST_DIRNAME%/tests/cli}
	mkdir "$BATS_TEST_TMPDIR/work"
	cd "$BATS_TEST_TMPDIR/work" || return
	echo "news: { channel: 'news/{section}', handler: news }" >routing.yml
}

teardown() {
	test_end
}

# config TEXT...: write wampd.yml, one line an argument, below its routes.
config() {
	printf '%s\n' 'routes: [routing.yml]' "$@" >wampd.yml
}

# services TEXT...: the same for services.yml, below "services:".
services() {
	printf '%s\n' 'services:' "${@/#/  }" >services.yml
}

# service NAME CLASS ARGUMENTS: one service as Oro's bundles declare them.
service() {
	printf '%s: { class: %s, arguments: [%s], ' "$@"
	echo 'tags: [{ name: gos_web_socket.topic }] }'
}

assert_accepted() {
	run -0 wampd -t -c wampd.yml
	assert_output ''
}

# assert_fault WORDS: -t and a start must fail alike, and say that.
assert_fault() {
	local text=$1

	run -1 wampd -t -c wampd.yml
	assert_output --partial "$text"
	run -1 timeout 30 wampd -l 127.0.0.1:0 -c wampd.yml
	assert_output --partial "$text"
	[ ! -e "$WAMPD_CONTROL" ]
}

# ---- handlers ----

@test "a handler of each type is accepted" {
	config 'handlers:' \
	    '  news: { type: broadcast, publish: [local, "role:EDITOR"],' \
	    '    retain: true, rate: { events: 10, burst: 20 },' \
	    '    max_size: 1KiB, log: debug }' \
	    '  mail: { type: secured, parameter: id, wildcard: true }' \
	    '  alive: { type: ping, interval: 20s, message: here }' \
	    '  errors: { type: jq, publish: "{event}", subscribe: [local] }' \
	    '  sum: { type: exec, command: [sh, sum.sh], cwd: /,' \
	    '    env: { A: b }, timeout: 2s, pool: 2, queue: 10,' \
	    '    restart: { min: 1s, max: 1m } }'
	assert_accepted
}

@test "-t starts no program" {
	config 'handlers:' '  news: { type: exec, command: "touch started" }'
	assert_accepted
	[ ! -e started ]
}

@test "without any handler declared, every route broadcasts" {
	config
	assert_accepted
	broker_start -c wampd.yml
	sub_start -C 1 news/a
	wamp-pub news/a '"heard"'
	run -0 sub_wait
	assert_output '"heard"'
}

@test "a route whose handler is not declared is an error" {
	config 'handlers: { other: { type: broadcast } }'
	assert_fault 'routing.yml:1:1: error: the handler "news" of "news"'
}

@test "an unknown type is an error at its place" {
	config 'handlers:' '  news: { type: broadcats }'
	assert_fault 'wampd.yml:3:17: error: there is no type "broadcats"'
	assert_output --partial 'broadcast, secured, ping, jq, exec'
}

@test "a handler without a type is an error at its place" {
	config 'handlers:' '  news: { retain: true }'
	assert_fault 'wampd.yml:3:3: error: '
	assert_output --partial 'type'
}

@test "an unknown key is an error at its place that names the known ones" {
	config 'handlers:' '  news: { type: ping, intervall: 5 }'
	assert_fault 'wampd.yml:3:23: error: unknown key "intervall"'
	assert_output --partial 'interval, message'
}

@test "a key of another type is an error at its place" {
	config 'handlers:' '  news: { type: broadcast, interval: 5 }'
	assert_fault 'wampd.yml:3:28: error: "interval" does nothing'
}

@test "wrong values are errors, each at its place, in one run" {
	local fault

	config 'handlers:' \
	    '  news: { type: broadcast, publish: [locals], retain: maybe }' \
	    '  a: { type: ping, interval: soon }' \
	    '  b: { type: exec }' \
	    '  c: { type: jq }' \
	    '  d: { type: exec, command: x, pool: 0 }' \
	    '  e: 5'
	assert_fault 'wampd.yml:3:38: error: publish'
	for fault in 3:55 4:30 5:3 6:3 7:38 8:3; do
		assert_line --partial "wampd.yml:$fault: error: "
	done
}

@test "a jq program that is wrong is an error with its place in it" {
	config 'handlers:' \
	    '  news:' \
	    '    type: jq' \
	    '    publish: |' \
	    '      {event} |' \
	    '      select(.event.n > ) | {event}'
	assert_fault 'wampd.yml:5:14: error: publish of the handler "news": '
	assert_output --partial ': line 2, column 19 of the program: '
}

@test "a wrong jq program is an error though no route names its handler" {
	config 'handlers:' \
	    '  news: { type: broadcast }' \
	    '  a: { type: jq, publish: ".a |", call: { program: "}" } }' \
	    '  b: { type: jq, subscribe: true, call: "f(1)" }'
	assert_fault 'wampd.yml:4:27: error: publish of the handler "a": '
	assert_line --partial 'wampd.yml:4:52: error: call of the handler "a": '
	assert_line --partial 'wampd.yml:5:41: error: call of the handler "b": '
	refute_output --partial 'subscribe'
	: >routing.yml
	assert_fault 'wampd.yml:4:27: error: publish of the handler "a": '
}

@test "a handler that no route names is not started" {
	config 'handlers:' \
	    '  news: { type: broadcast }' \
	    '  idle: { type: exec, command: "touch started", tick: 1ms }'
	broker_start -c wampd.yml
	run -0 session '[5,"news/1"]' '[7,"news/1",1]' '[2,"1","wampd.info"]'
	assert_line '[8,"news/1",1]'
	broker_stop
	[ ! -e started ]
}

@test "a jq program that calls what is not there is an error" {
	config 'handlers:' '  news: { type: jq, subscribe: no_such_thing }'
	assert_fault 'no_such_thing/0 is not defined'
	assert_output --partial 'subscribe of the handler "news"'
}

@test "wampd-handlers(7) has each key of a handler" {
	local type

	awk '/^\.S[sh]/ { keys = $2 == "Keys" }
		keys && /^\.It Ic/ { print $3 }' \
	    "$ROOT/man/wampd-handlers.7" | sort >page
	for type in broadcast secured ping jq exec; do
		config 'handlers:' "  news: { type: $type, nothing: 1 }"
		run -1 wampd -t -c wampd.yml
		sed -n 's/.*unknown key.*: type [a-z]* has \(.*\) .*/\1/p' \
		    <<<"$output" | grep -o '[a-z_]*'
	done | sort -u >program
	[ -s program ]
	diff page program
}

# ---- services and parameters ----

@test "a stock class is a handler, its arguments included" {
	services \
	    "$(service ping 'Oro\Bundle\SyncBundle\Topic\WebsocketPingTopic' \
	    "news, '%interval%'")"
	printf '%s\n' 'parameters: { interval: 1 }' >>services.yml
	config 'services: [services.yml]'
	assert_accepted
	broker_start -c wampd.yml
	sub_start -C 1 news/a
	run -0 sub_wait
	assert_output '"Connection keep alive"'
}

@test "parameters of wampd.yml come before those of service files" {
	services \
	    "$(service ping 'Oro\Bundle\SyncBundle\Topic\WebsocketPingTopic' \
	    "news, '%interval%'")"
	echo 'parameters: { interval: 1 }' >>services.yml
	config 'services: [services.yml]' 'parameters: { interval: never }'
	assert_fault 'services.yml:2:'
	assert_output --partial never
}

@test "a parameter that is set nowhere is an error at its place" {
	services \
	    "$(service ping 'Oro\Bundle\SyncBundle\Topic\WebsocketPingTopic' \
	    "news, '%interval%'")"
	config 'services: [services.yml]'
	assert_fault 'services.yml:2:'
	assert_output --partial '"interval"'
}

@test "a handler of wampd.yml replaces a service of its name" {
	services \
	    "$(service ping 'Oro\Bundle\SyncBundle\Topic\WebsocketPingTopic' \
	    "news, 1")"
	config 'services: [services.yml]' \
	    'handlers: { news: { type: broadcast } }'
	assert_accepted
	broker_start -c wampd.yml
	wamp-pub news/a 1
}

@test "an unknown class is a warning that names what to declare" {
	services "$(service mine 'App\Topic\NewsTopic' news)"
	config 'services: [services.yml]' \
	    'handlers: { other: { type: broadcast } }'
	assert_fault 'services.yml:2:3: warning: '
	assert_output --partial 'App\Topic\NewsTopic'
	assert_output --partial 'news: { type: exec, command: '
	config 'services: [services.yml]' \
	    'handlers: { news: { type: broadcast } }'
	assert_accepted
}

@test "a service file that is missing is an error that names it" {
	config 'services: [none.yml]'
	assert_fault 'none.yml'
	assert_output --partial 'No such file'
}

@test "the service file of the examples serves their routes" {
	cp "$ROOT"/examples/{services,websocket_routing}.yml .
	echo 'services: [services.yml]' >wampd.yml
	echo 'routes: [websocket_routing.yml]' >>wampd.yml
	assert_accepted
}

# ---- routing ----

@test "routing: legacy reads the grammar of version 0.3" {
	printf '%s\n' 'news:' '  channel: news/{id}' '  handler: news' \
	    '  requirements: { id: { pattern: \d+, wildcard: true } }' \
	    >routing.yml
	config 'routing: legacy'
	broker_start -c wampd.yml
	wamp-pub news/5abc 1
	wamp-pub news/all 1
	run -3 wamp-pub news/abc 1
}

@test "without routing: legacy the same file means something else" {
	printf '%s\n' 'news:' '  channel: news/{id}' '  handler: news' \
	    '  requirements: { id: { pattern: \d+, wildcard: true } }' \
	    >routing.yml
	config
	broker_start -c wampd.yml
	wamp-pub news/5 1
	run -3 wamp-pub news/5abc 1
	run -3 wamp-pub news/all 1
}

@test "routing: with another word is an error at its place" {
	config 'routing: modern'
	assert_fault 'wampd.yml:2:10: error: routing'
}
