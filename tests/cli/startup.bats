#!/usr/bin/env bats
# What a tool's start costs: scripts run wamp-pub once an event.

load helper

setup() {
	test_begin
}

teardown() {
	test_end
}

# wamp-routes reads YAML and compiles patterns, wamp-bench speaks TLS by
# itself: that is their work.
@test "tools load no library that only the broker needs" {
	local tool

	for tool in "$BIN"/wamp-{call,maint,pub,sub}; do
		run -0 readelf -d "$tool"
		refute_output --regexp \
		    'NEEDED.*(websockets|libuv|yaml|sodium|pcre|libjq|ssl)'
	done
}
