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

# crowd_is N: so many sessions besides our own.
crowd_is() {
	[ "$(wamp-call wampd.sessions | jq length)" -eq $(($1 + 1)) ]
}

@test "a list of many sessions is one answer with all of them" {
	local bench

	wamp-bench idle -q -u "$WS_URL" --clients 700 --duration 60 3>&- &
	bench=$!
	wait_until crowd_is 700
	run -0 socat -t 60 - "UNIX-CONNECT:$WAMPD_CONTROL" \
	    <<<'[2,"1","wampd.sessions"]'
	[ "$(tail -n 1 <<<"$output" | jq '.[2] | length')" -eq 701 ]
	kill "$bench"
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

# ---- what is printed ----

@test "-e prints what jq makes of the result, any number of values" {
	run -0 wamp-call -e '.[]' wampd.echo 1 '"a"' null
	assert_output $'1\n"a"\nnull'
	run -0 wamp-call -r -e '.[]' wampd.echo a 1
	assert_output $'a\n1'
	run -0 --separate-stderr wamp-call -e empty wampd.echo 1
	[ -z "$output$stderr" ]
	run -0 wamp-call --jq . wampd.echo 9007199254740993
	assert_output '[9007199254740993]'
}

@test "-e knows what --arg and --argjson name" {
	# shellcheck disable=SC2016	# jq's variables
	run -0 wamp-call -e '. + [$s, $n]' --arg s '"' \
	    --argjson n 9007199254740993 wampd.echo 1
	assert_output '[1,"\"",9007199254740993]'
	run -2 wamp-call --arg x 1 wampd.echo
	assert_output 'wamp-call: --arg and --argjson need -e'
}

@test "-e that fails exits 1 behind what it had printed" {
	run -1 --separate-stderr wamp-call -e '.[0], error("no")' wampd.echo 1
	[ "$output" = 1 ]
	[[ $stderr == 'wamp-call: -e: '*no ]]
}

@test "-e that does not compile is a usage error, before anyone is called" {
	run -2 wamp-call -S /nonexistent -e '.[' wampd.echo
	assert_output --partial 'wamp-call: -e: '
	[ "${#lines[@]}" -eq 1 ]
	run -2 wamp-call -e '' wampd.echo
	run -2 wamp-call -e $'"\xff"' wampd.echo
	[ "${#lines[@]}" -eq 1 ]
}

@test "--pretty indents, --color colours, and a pipe sees neither" {
	run -0 wamp-call wampd.echo '{"a":[1,2]}' 3
	assert_output '[{"a":[1,2]},3]'
	run -0 wamp-call --pretty -e '.[]' wampd.echo '{"a":[1]}' 2
	[ "$(jq -c . <<<"$output")" = $'{"a":[1]}\n2' ]
	[ "${#lines[@]}" -gt 4 ]
	run -0 wamp-call --color=always wampd.echo 1
	assert_output --partial $'\033['
	run -2 wamp-call --color=red wampd.echo
	assert_output --partial '--color'
}

@test "the details of an error follow it" {
	run -3 wamp-call no.such.procedure
	assert_line --index 0 --regexp '^wamp-call: .*no\.such\.procedure'
	assert_line --index 1 --regexp '^wamp-call: details: \{"code":404,'
}

# ---- large, and to where it cannot go ----

@test "a large result passes whole" {
	run -0 bash -c 'head -c 700000 /dev/zero | tr "\0" x |
	    wamp-call -s -r -e ".[0]" wampd.echo - | tr -d "\n" | wc -c'
	assert_output 700000
}

@test "a closed pipe ends it by SIGPIPE" {
	run -141 bash -c 'exec 3> >(:); wait $!
	    exec wamp-call wampd.echo 1 >&3'
	run -141 bash -c 'exec 3> >(:); wait $!
	    exec wamp-call -e "range(1e9)" wampd.echo 1 >&3'
}

@test "a procedure that does not answer is waited for no longer than -w" {
	cd "$BATS_TEST_TMPDIR"
	broker_stop
	echo "s: { channel: slow, handler: s }" >routing.yml
	printf '%s\n' 'routes: [routing.yml]' 'handlers:' \
	    '  s: { type: exec, command: [cat, fifo], timeout: 1h }' \
	    >wampd.yml
	mkfifo fifo
	broker_start -c wampd.yml
	run -4 wamp-call -w 0.2 slow
	assert_output --partial 'wamp-call: '
	[ "${#lines[@]}" -eq 1 ]
}

@test "JSON that is nested too deeply is no string" {
	local lists

	lists=$(deep 300)
	run -1 wamp-call wampd.echo "$lists"
	assert_output "wamp-call: argument 1 is nested too deeply: more than\
 127 levels (-s passes it as a string)"
	run -0 wamp-call -r -e '.[0]' -s wampd.echo "$lists"
	assert_output "$lists"
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
	run -2 wamp-call wampd.echo -5
	assert_output 'wamp-call: unknown option -5: put -- before an operand '\
'that begins with a minus'
	run -2 wamp-call wampd.echo $'\xff'
	assert_output 'wamp-call: argument 1 is not UTF-8'
	run -2 wamp-call $'\xff'
	run -2 wamp-call ''
	assert_output 'wamp-call: need PROCEDURE'
	run -1 wamp-call wampd.echo - <<<$'\xff'
	assert_output 'wamp-call: argument 1 is not UTF-8'
}
