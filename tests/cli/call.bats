#!/usr/bin/env bats
# wamp-call(1): arguments, results, errors.

load helper

setup() {
	test_begin
	broker_start
}

teardown() {
	test_end
}

@test "an argument is JSON where it can be, else a string" {
	run -0 --separate-stderr wamp-call wampd.echo 1 '"a"' b '{"c": [0]}' \
	    9007199254740993 'é "' '{' -- -5
	assert_output '[1,"a","b",{"c": [0]},9007199254740993,"é \"","{",-5]'
	[ -z "$stderr" ]
}

@test "-s makes every argument a string" {
	run -0 wamp-call -s wampd.echo 1 null
	assert_output '["1","null"]'
}

@test "-J takes nothing but JSON" {
	run -0 wamp-call -J wampd.echo 1 '"a"'
	assert_output '[1,"a"]'
	run -1 wamp-call -J wampd.echo 1 a
	assert_output --partial 'wamp-call: argument 2: invalid JSON'
}

@test "- is an argument from stdin" {
	run -0 wamp-call wampd.echo 1 - 3 < <(printf '{"a":\n2}\n')
	assert_output '[1,{"a": 2},3]'
	run -0 wamp-call -s wampd.echo - < <(printf 'two\nlines')
	assert_output '["two\nlines"]'
	run -2 wamp-call wampd.echo - - </dev/null
	assert_output --partial 'only one argument can be -'
}

@test "-r prints a string without its quotes" {
	run -0 --separate-stderr wamp-call wampd.help
	assert_output --partial '"procedure":"wampd.echo"'
	run -0 wamp-call -r wampd.echo a
	assert_output '["a"]'
}

@test "an error prints URI and description on stderr and exits 3" {
	run -3 --separate-stderr wamp-call no.such.procedure
	[ -z "$output" ]
	[[ $stderr == "wamp-call: "*": "* ]]
	run -3 wamp-call wampd.kick no-such-session
	assert_output --partial 'wamp-call: wampd.error.'
	run -3 wamp-call -q wampd.kick no-such-session
	refute_output
}

@test "calls over WebSocket" {
	run -0 wamp-call -u "$WS_URL" wampd.echo '"é"'
	assert_output '["é"]'
}

@test "--trace shows every message" {
	run -0 --separate-stderr wamp-call --trace wampd.echo 1
	assert_output '[1]'
	[[ $stderr == '< [0,"'*$'\n> [2,"'*'","wampd.echo",1]'$'\n< [3,"'* ]]
}

@test "a full disk is an error" {
	run -1 --separate-stderr bash -c 'wamp-call wampd.echo 1 >/dev/full'
	[[ $stderr == 'wamp-call: cannot write to stdout: '* ]]
}

@test "usage errors exit 2 with one line" {
	run -2 wamp-call
	assert_output 'wamp-call: need PROCEDURE'
	run -2 wamp-call -s -J wampd.echo
	assert_output --partial 'exclude each other'
}
