#!/usr/bin/env bats
# Names that nobody can mean: topics without a route, procedures, commands and
# the like.  Whoever mistypes one is told, what it was meant to be as well, and
# waits for nothing.

load helper
load fake_server

setup() {
	test_begin
	cat >"$BATS_TEST_TMPDIR/routes.yml" <<-'END'
		shop.orders:
		    channel: "shop/orders/{id}"
		    requirements: { id: { pattern: '\d+' } }
		    handler: { callback: open }
		news: { channel: news, handler: { callback: open } }
		private: { channel: private, handler: { callback: closed } }
	END
	cat >"$BATS_TEST_TMPDIR/wampd.yml" <<-'END'
		handlers:
		  open: { type: broadcast, publish: [anyone] }
		  closed: { type: broadcast, subscribe: [local] }
	END
}

teardown() {
	fake_end
	test_end
}

# A message has less room than a topic.
@test "a long topic is cut behind a character" {
	local lead long half=$'\\\\x|\uFFFD'

	broker_routes
	long=$(printf '\360\237\230\200%.0s' {1..300})
	for lead in '' a aa aaa; do
		run -3 wamp-pub "$lead$long" 1
		assert_output --partial "$lead${long:0:10}"
		assert_output --partial 'no route matches'
		refute_output --regexp "$half"
		run -3 wamp-sub -W 60s "$lead$long"
		assert_output --partial 'no route matches'
		refute_output --regexp "$half"
		run -3 wamp-pub -l "$lead$long" < <(seq 1 3)
		assert_output --partial 'acknowledged'
		refute_output --regexp "$half"
	done
}

broker_routes() {
	broker_start -c "$BATS_TEST_TMPDIR/wampd.yml" \
	    -r "$BATS_TEST_TMPDIR/routes.yml"
}

NO_ROUTE='wampd.error.no_route: no route matches the topic'

# Both ways to the broker.
both() {
	local address

	for address in "-S$WAMPD_CONTROL" "-u$WS_URL"; do
		"$@" "$address"
	done
}

# ---- subscribing ----

mistyped_topic() {
	run -3 timeout 30 wamp-sub "$1" shop/ordrs/17
	assert_output "wamp-sub: shop/ordrs/17: $NO_ROUTE,\
 did you mean \"shop/orders/{id}\"?"
}

@test "wamp-sub names a topic without a route, and the nearest" {
	broker_routes
	both mistyped_topic
}

several_mistyped() {
	run -3 timeout 30 wamp-sub "$1" news nwes shop/orders/x
	assert_output "wamp-sub: nwes: $NO_ROUTE, did you mean \"news\"?
wamp-sub: shop/orders/x: $NO_ROUTE, did you mean \"shop/orders/{id}\"?"
}

@test "each of several is told, and the others are not waited for" {
	broker_routes
	both several_mistyped
}

@test "why a subscription is not permitted is told over WebSocket, too" {
	broker_routes
	run -3 timeout 30 wamp-sub -u "$WS_URL" private
	assert_output --partial 'private: wampd.error.not_permitted: anonymous'
	refute_output --partial 'did you mean'
	# Nobody is told of what he may not use.
	run -3 timeout 30 wamp-sub -u "$WS_URL" privaet
	assert_output "wamp-sub: privaet: $NO_ROUTE"
	run -3 timeout 30 wamp-sub privaet
	assert_output --partial 'did you mean "private"?'
}

@test "a subscription that a program refuses later is told as well" {
	cat >>"$BATS_TEST_TMPDIR/wampd.yml" <<-'END'
		  never:
		    type: jq
		    subscribe: { who: [anyone], program: 'false' }
	END
	echo 'never: { channel: never, handler: { callback: never } }' \
	    >>"$BATS_TEST_TMPDIR/routes.yml"
	broker_routes
	run -3 timeout 30 wamp-sub -u "$WS_URL" never
	assert_output --partial 'never: wampd.error.not_permitted: '
}

@test "more refusals than are listed are counted" {
	local -a topics

	broker_routes
	topics=(bad/{1..20}/of/these)
	run -3 timeout 30 wamp-sub -u "$WS_URL" "${topics[@]}"
	[ "${#lines[@]}" -eq 16 ]
	assert_line --index 15 --partial 'bad/16/of/these: '
	assert_line --index 15 --partial ' (and 4 more)'
}

@test "the barrier tells of refused subscriptions once, and only of those" {
	broker_routes
	run -0 session '[5,"news"]' '[2,"a","wampd.barrier"]' '[5,"tpyo"]' \
	    '[2,"b","wampd.barrier"]' '[2,"c","wampd.barrier"]'
	assert_line '[3,"a",{"accepted":0,"refused":0,"delivered":0,'\
'"refusals":[]}]'
	assert_line '[3,"b",{"accepted":0,"refused":0,"delivered":0,'\
'"refusals":[],"subscribe":{"refused":1,"refusals":[{"topic":"tpyo",'\
'"error":"wampd.error.no_route","reason":"no route matches the topic"}]}}]'
	assert_line '[3,"c",{"accepted":0,"refused":0,"delivered":0,'\
'"refusals":[]}]'
}

@test "wamp-maint watch ends when its topic is refused" {
	broker_routes
	run -3 timeout 30 wamp-maint -u "$WS_URL" watch
	assert_output --partial "$NO_ROUTE"
}

@test "wamp-sub ends with 3 when it comes back and its route has gone" {
	broker_start
	sub_start --retry-delay 0.05 -u "$WS_URL" nwes
	local address=${WS_URL#ws://}
	broker_stop TERM
	broker_run -l "${address%/}" -S "$WAMPD_CONTROL" \
	    -c "$BATS_TEST_TMPDIR/wampd.yml" -r "$BATS_TEST_TMPDIR/routes.yml"
	run -3 --separate-stderr sub_wait
	[[ ${stderr:?} == *'did you mean "news"?' ]]
}

mistyped_bench() {
	run -3 timeout 30 wamp-bench sub --topic nwes "$1"
	assert_output --regexp "session 0: \"nwes\": $NO_ROUTE"
}

@test "wamp-bench waits for no topic that is refused" {
	broker_routes
	both mistyped_bench
}

# ---- patterns ----

@test "a topic that looks like a pattern gets a word about --prefix" {
	local topic

	broker_start
	for topic in 'shop/*' 'shop/#' 'shop/+'; do
		run -0 --separate-stderr wamp-sub -E "$topic"
		assert_equal "${stderr:?}" "wamp-sub: $topic is one topic, not\
 a pattern: use --prefix shop/ for several topics"
	done
	run -0 --separate-stderr wamp-sub -E 'shop.*'
	[[ $stderr == *'--prefix shop. for'* ]]
	run -0 --separate-stderr wamp-sub -E '#'
	[[ $stderr == *'--all for all topics' ]]
	run -0 --separate-stderr wamp-sub -qE 'shop/*'
	assert_equal "$stderr" ''
	run -0 --separate-stderr wamp-sub -E 'http://h/simple#'
	assert_equal "$stderr" ''
	run -0 --separate-stderr wamp-pub 'shop/*' 1
	assert_equal "$stderr" 'wamp-pub: shop/* is one topic, not a pattern:'\
' nobody has subscribed to it'
	sub_start -C 1 'shop/*'
	run -0 --separate-stderr wamp-pub 'shop/*' 1
	assert_equal "$stderr" ''
	run -0 --separate-stderr sub_wait
	assert_output 1
}

@test "a route that takes a star, or any text" {
	local keeps=$BATS_TEST_TMPDIR/routes.yml

	cat >>"$keeps" <<-'END'
		mails:
		    channel: "mails/{user}/{id}"
		    requirements: { user: { pattern: '\d+', wildcard: true } }
		    handler: { callback: open }
		either:
		    channel: "either/{id}"
		    requirements: { id: { pattern: '\d+|\*' } }
		    handler: { callback: open }
		any: { channel: "any/{text}", handler: { callback: open } }
	END
	broker_routes
	for topic in 'mails/*/1' 'either/*'; do
		run -0 --separate-stderr wamp-sub -E "$topic"
		assert_equal "$stderr" ''
		run -0 --separate-stderr wamp-pub "$topic" 1
		assert_equal "$stderr" ''
	done
	for topic in 'mails/1/*' 'any/*' 'any/#'; do
		run -0 --separate-stderr wamp-sub -E -u "$WS_URL" "$topic"
		[[ $stderr == *" for several topics" ]]
	done
	run -3 --separate-stderr wamp-sub 'news/*'
	[[ $stderr == *"$NO_ROUTE"* ]]
	[[ $stderr == *'--prefix news/ for several topics'* ]]
}

# ---- publishing, calling ----

mistyped_publish() {
	run -3 timeout 30 wamp-pub "$1" nwes 1
	assert_output "wamp-pub: nwes: $NO_ROUTE, did you mean \"news\"?"
}

mistyped_call() {
	run -3 timeout 30 wamp-call "$1" wampd.ecoh 1
	assert_line --index 0 'wamp-call: wampd.ecoh: No RPC endpoint'\
' registered for wampd.ecoh, did you mean "wampd.echo"?'
	run -3 timeout 30 wamp-call "$1" wampd.unsubscribe x
	refute_output --partial 'did you mean'
}

@test "wamp-pub and wamp-call name the nearest" {
	broker_routes
	both mistyped_publish
	both mistyped_call
	run -3 wamp-call wampd.sesions
	assert_output --partial 'did you mean "wampd.sessions"?'
	run -3 wamp-call -u "$WS_URL" wampd.sesions
	refute_output --partial 'did you mean'
}

@test "a topic of 8 KiB is refused as quickly, and without a guess" {
	local long

	broker_routes
	long=$(printf 'x%.0s' {1..8000})
	run -3 wamp-pub "$long" 1
	assert_output --partial "$NO_ROUTE"
	refute_output --partial 'did you mean'
}

# ---- other names ----

@test "commands are never taken for their opposite" {
	run -2 wamp-maint of
	assert_output 'wamp-maint: no "of", did you mean off?'
	run -2 wamp-maint o
	refute_output --partial 'did you mean'
	run -2 wamp-maint ofn
	refute_output --partial 'did you mean'
	run -2 wamp-maint stat
	assert_output 'wamp-maint: no "stat", did you mean status?'
	run -2 wamp-sub --reconnect t
	refute_output --partial 'did you mean --no-reconnect'
}

@test "routes, profiles, sessions and keys name the nearest" {
	local id

	broker_routes
	run -3 wamp-pub --route shop.ordrs id=1 1
	assert_output --partial 'did you mean "shop.orders"?'
	run -1 wamp-routes -m shop/ordrs/1 "$BATS_TEST_TMPDIR/routes.yml"
	assert_output --partial 'did you mean "shop/orders/{id}"?'
	run -1 wamp-routes -m 'news/*' "$BATS_TEST_TMPDIR/routes.yml"
	assert_output --partial '-m takes no pattern'
	mkdir "$BATS_TEST_TMPDIR/wamp"
	echo 'live: { url: "ws://h" }' >"$BATS_TEST_TMPDIR/wamp/profiles.yml"
	run -2 wamp-call -P lvie x
	assert_output --partial 'did you mean "live"?'
	sub_start news
	id=$(<"$BATS_TEST_TMPDIR/sub.1.ready")
	run -3 wamp-call wampd.kick -- "${id:0:10}"
	assert_output --partial "did you mean \"$id\"?"
	echo 'lisen: x' >"$BATS_TEST_TMPDIR/wampd.yml"
	run -1 wampd -t -c "$BATS_TEST_TMPDIR/wampd.yml"
	assert_output --partial 'did you mean "listen"?'
}
