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

# assert_closed PLACE: -t fails for the route there; the broker starts, names
# it too, and lets nobody at its topics.
assert_closed() {
	run -1 wampd -t -c wampd.yml -l 127.0.0.1:0
	assert_line --regexp "^$1: error: the handler .*\[unknown-handler\]\$"
	run -1 timeout 30 wampd -l 127.0.0.1:0 -c wampd.yml --strict
	assert_line --regexp "^$1: error: the handler .*\[unknown-handler\]\$"
	assert_line --partial 'wampd: error: --strict: '
	[ ! -e "$WAMPD_CONTROL" ]
	broker_start -c wampd.yml
	grep -q "error: $1: error: the handler .*\[unknown-handler\]\$" \
	    "$BROKER_LOG"
	run -0 session '[5,"news/a"]' '[7,"news/a",1]' '[2,"1","news/a"]'
	[ "$(grep -c 'not_permitted.*closed: the handler .* is declared '\
'nowhere' <<<"$output")" -eq 3 ]
	run -3 wamp-pub news/a 1
	assert_output --partial 'declared nowhere'
	run -3 wamp-pub -u "$WS_URL" news/a 1
	assert_output --partial 'declared nowhere'
	run -3 wamp-call -u "$WS_URL" news/a
	assert_output --partial 'declared nowhere'
	broker_stop
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

@test "without a configuration every route broadcasts on this machine" {
	run -0 wampd -t -r routing.yml -l 127.0.0.1:0
	refute_output
	broker_start -r routing.yml --strict
	sub_start -C 1 news/a
	sub_start -C 1 -u "$WS_URL" news/a
	wamp-pub news/a '"heard"'
	run -0 sub_wait 1
	assert_output '"heard"'
	run -0 sub_wait 2
	assert_output '"heard"'
}

@test "a route whose handler is not declared is closed" {
	config 'handlers: { other: { type: broadcast } }'
	assert_closed routing.yml:1:1
}

@test "a configuration that declares no handler closes every route" {
	config
	assert_closed routing.yml:1:1
	config 'handlers:'
	assert_closed routing.yml:1:1
	config 'handlers: {}' 'services: []'
	assert_closed routing.yml:1:1
	: >wampd.yml
	run -1 wampd -t -c wampd.yml -r routing.yml -l 127.0.0.1:0
	assert_line --partial '[unknown-handler]'
}

@test "a closed route leaves the others alone" {
	echo "olds: { channel: 'olds', handler: olds }" >>routing.yml
	config 'handlers: { olds: { type: broadcast } }'
	broker_start -c wampd.yml
	sub_start -C 1 olds
	run -3 wamp-pub news/a 1
	wamp-pub olds 2
	run -0 sub_wait
	assert_output 2
}

@test "no handler has an empty name" {
	config 'handlers: { "": { type: broadcast } }'
	assert_fault 'wampd.yml:2:13: error: a handler needs a name'
	echo "news: { channel: 'news/{section}', handler: '' }" >routing.yml
	config 'handlers: { news: { type: broadcast } }'
	assert_closed routing.yml:1:1
	printf '%s\n' "news: { channel: 'news/{section}' }" >routing.yml
	config 'routing: legacy' 'handlers: { news: { type: broadcast } }'
	assert_closed routing.yml:1:1
}

@test "no handler publishes to a closed topic" {
	echo "jump: { channel: jump, handler: jump }" >>routing.yml
	config 'handlers:' '  jump:' '    type: jq' \
	    '    publish: "{ event, topic: \"news/a\" }"'
	broker_start -c wampd.yml
	run -3 wamp-pub jump 1
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
	config 'services: [services.yml]'
	assert_closed routing.yml:1:1
	config 'services: [services.yml]' \
	    'handlers: { other: { type: broadcast } }'
	assert_closed routing.yml:1:1
	run -1 wampd -t -l 127.0.0.1:0 -c wampd.yml
	assert_line --regexp '^services\.yml:2:3: warning: '
	assert_output --partial 'App\Topic\NewsTopic'
	assert_output --partial 'news: { type: exec, command: '
	config 'services: [services.yml]' \
	    'handlers: { news: { type: broadcast } }'
	assert_accepted
}

# stock EXTRA NAME: a topic of a stock class, and what else is said of it.
stock() {
	printf 'stock: { class: %s, arguments: [%s], tags: [%s]%s }' \
	    'Oro\Bundle\SyncBundle\Topic\BroadcastTopic' news \
	    gos_web_socket.topic "$1"
}

@test "a service that something else makes or replaces is closed" {
	config 'services: [services.yml]'
	services "$(stock '')"
	assert_accepted
	services "$(stock ', factory: [Some, make]')"
	assert_closed routing.yml:1:1
	services "$(stock ', synthetic: true')"
	assert_closed routing.yml:1:1
	services "$(stock ', abstract: true')"
	assert_closed routing.yml:1:1
	services "$(stock '')" \
	    'mine: { class: App\Mine, decorates: stock }'
	assert_closed routing.yml:1:1
	run -1 wampd -t -l 127.0.0.1:0 -c wampd.yml
	assert_line --partial 'App\Mine, which decorates this service,'
	services 'base: { class: App\Mine, abstract: true }' \
	    'child: { parent: base, arguments: [news], '\
'tags: [gos_web_socket.topic] }'
	assert_closed routing.yml:1:1
}

@test "a class of its own closes a stock handler of the same name" {
	local mine

	mine=$(service mine 'App\Topic\NewsTopic' "'%name%'")
	config 'services: [services.yml]' 'parameters: { name: news }'
	services "$mine" "$(stock '')"
	assert_closed routing.yml:1:1
	services "$(stock '')" "$mine"
	assert_closed routing.yml:1:1
	config 'services: [services.yml]' 'parameters: { name: news }' \
	    'handlers: { news: { type: broadcast } }'
	assert_accepted
}

@test "a class that a parameter names is that class" {
	services "$(service mine "'%news.class%'" news)"
	printf '%s\n' 'parameters:' '  news.class: App\Mine' >>services.yml
	config 'services: [services.yml]'
	assert_closed routing.yml:1:1
	config 'services: [services.yml]' 'parameters:' \
	    '  news.class: Oro\Bundle\SyncBundle\Topic\BroadcastTopic'
	assert_accepted
}

@test "what an unreadable service file declares is not called unknown" {
	config 'services: [services.yml]'
	echo 'services: [' >services.yml
	run -1 wampd -t -l 127.0.0.1:0 -c wampd.yml
	[ "${#lines[@]}" -eq 1 ]
	run -1 wamp-routes -c wampd.yml
	[ "${#lines[@]}" -eq 1 ]
}

@test "-t tells of missing services and routes in one run" {
	config 'services: [none.yml, "more/*.yml"]' 'state_dir: nowhere'
	echo 'more: {' >routing.yml
	run -1 wampd -t -c wampd.yml -r routing.yml -r no.yml -l 127.0.0.1:0
	assert_line --partial 'none.yml: error: '
	assert_line --regexp \
	    '^wampd\.yml:2:22: error: services: no file matches more/\*\.yml'
	assert_line --regexp '^routing\.yml:2:1: error: '
	assert_line --partial 'no.yml: error: '
	assert_line --regexp '^wampd\.yml:3:12: error: state_dir: nowhere: '
	[ "${#lines[@]}" -eq 5 ]
	first=$output
	run -1 timeout 30 wampd -c wampd.yml -r routing.yml -r no.yml \
	    -l 127.0.0.1:0
	[ "$output" = "$first" ]
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
	config 'routing: legacy' 'handlers: { news: { type: broadcast } }'
	broker_start -c wampd.yml
	wamp-pub news/5abc 1
	wamp-pub news/all 1
	run -3 wamp-pub news/abc 1
}

@test "without routing: legacy the same file means something else" {
	printf '%s\n' 'news:' '  channel: news/{id}' '  handler: news' \
	    '  requirements: { id: { pattern: \d+, wildcard: true } }' \
	    >routing.yml
	config 'handlers: { news: { type: broadcast } }'
	broker_start -c wampd.yml
	wamp-pub news/5 1
	run -3 wamp-pub news/5abc 1
	run -3 wamp-pub news/all 1
}

@test "routing: with another word is an error at its place" {
	config 'routing: modern'
	assert_fault 'wampd.yml:2:10: error: routing'
}
