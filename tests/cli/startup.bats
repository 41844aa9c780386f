#!/usr/bin/env bats
# Which libraries the programs load, which is most of what the start of a tool
# costs: scripts run wamp-pub once an event.

load helper

setup() {
	test_begin
}

teardown() {
	test_end
}

@test "the broker does without libwebsockets" {
	run -0 readelf -d "$BIN/wampd"
	refute_output --partial websockets
	broker_start
	run -0 wamp-pub -u "$WS_URL" demo 1
	run -1 grep websockets "/proc/$BROKER_PID/maps"
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

# loads LIBRARIES COMMAND...: those are the libraries, by name and in their
# order, that the command loads beside the C library's own and a sanitizer's.
loads() {
	local said=$BATS_TEST_TMPDIR/loader known

	known='crypto|jq|pcre2|sodium|ssl|uv|websockets|yaml'
	rm -f "$said".*
	LD_DEBUG=files LD_DEBUG_OUTPUT=$said "${@:2}" >/dev/null
	assert_equal "$(sed -nE "s#.*calling init: .*/lib($known)[-.].*#\1#p" \
	    "$said".* | sort | tr '\n' ' ')" "$1"
}

@test "a run on the control socket loads none" {
	broker_start
	loads '' wamp-pub demo 1
	loads '' wamp-pub -l demo < <(seq 3)
	loads '' wamp-sub -E demo
	loads '' wamp-sub -E -F '%t %p' demo
	loads '' wamp-call wampd.echo 1
	loads '' wamp-maint off
	loads '' wamp-sub --help
	loads '' wamp-pub --complete ''
}

# libjq is loaded by a process of its own, which closes the loader's file.
@test "a jq program loads nothing into the tool" {
	broker_start
	loads '' wamp-pub -e . demo 1
	loads '' wamp-sub -E -e . demo
	loads '' wamp-call -e . wampd.echo 1
}

# Which needs OpenSSL whether there is TLS or not.
@test "a WebSocket loads libwebsockets" {
	broker_start
	loads 'crypto ssl websockets ' wamp-pub -u "$WS_URL" demo 1
	loads 'crypto ssl websockets ' wamp-sub -E -u "$WS_URL" demo
}

@test "a profile loads libyaml" {
	broker_start
	mkdir "$XDG_CONFIG_HOME/wamp"
	echo "here: { control: '$WAMPD_CONTROL' }" \
	    >"$XDG_CONFIG_HOME/wamp/profiles.yml"
	unset WAMPD_CONTROL
	loads 'yaml ' wamp-pub -P here demo 1
	loads 'yaml ' wamp-call --complete -P ''
}
