#!/usr/bin/env bats
# topics.bats: what a project may promise of its topics, tested with wampd and
# its tools.  For CI: "bats topics.bats" needs no port and leaves nothing.

load wampd

setup() {
	ROUTES=$BATS_TEST_DIRNAME/websocket_routing.yml
	wampd_start -r "$ROUTES"
}

teardown() {
	wampd_stop
}

@test "the routing file has no fault, and nothing doubtful" {
	wamp-routes -W "$ROUTES"
}

@test "orders of a shop have a route, those of numbers have none" {
	[[ $(wamp-routes -m shop/orders/berlin "$ROUTES") == *orders* ]]
	run wamp-routes -m shop/orders/7 "$ROUTES"
	[ "$status" -eq 1 ]
}

@test "a browser hears what is published" {
	browser_start 2 shop/orders/berlin
	wamp-pub shop/orders/berlin '{"id":1}'
	wamp-pub shop/orders/paris '{"id":2}'
	wamp-pub shop/orders/berlin '{"id":3}'
	browser_heard '{"id":1}' '{"id":3}'
}

@test "a browser cannot publish" {
	run wamp-pub -u "$WS_URL" shop/prices 0
	[ "$status" -eq 3 ]
}
