#!/usr/bin/env bats
# wamp-call(1): tables, and what a terminal gets without asking.

load helper

setup() {
	test_begin
	broker_start
	unset NO_COLOR
	export TERM=xterm
}

teardown() {
	test_end
}

# seen_at COLUMNS COMMAND: what is seen of it on a terminal so wide, without
# colours.
seen_at() {
	COLUMNS=$1 on_terminal "$2" | tr -d '\r' | sed 's/\x1b\[[0-9;]*m//g'
}

@test "--table: a list of objects, with a row each, also into a pipe" {
	run -0 --separate-stderr wamp-call --table wampd.echo \
	    '{"name":"a","n":1}' '{"name":"long name","n":20,"more":[1,"x"]}'
	assert_output $'NAME        N  MORE\na           1  -
long name  20  1, x'
	[ -z "$stderr" ]
	# Nothing is cut or left out there, however narrow the terminal is.
	COLUMNS=10 run -0 wamp-call --table wampd.echo \
	    '{"name":"a","n":1}' '{"name":"long name","n":20,"more":[1,"x"]}'
	assert_line 'long name  20  1, x'
}

@test "--table: an object, with a row each member" {
	run -0 wamp-call --table wampd.stats
	assert_line --regexp '^sessions_opened +1$'
	run -0 wamp-call --table wampd.info
	assert_line --regexp '^compat +oro$'
}

@test "-e comes before the table" {
	run -0 wamp-call --table -e 'map({procedure})' wampd.help
	assert_line --index 0 PROCEDURE
	assert_line wampd.echo
	# Several objects are its rows, one is the table.
	run -0 wamp-call --table -e '.[:2][] | {procedure}' wampd.help
	assert_output $'PROCEDURE\nwampd.barrier\nwampd.block'
	run -0 wamp-call --table -e '.[0] | {procedure}' wampd.help
	assert_output 'procedure  wampd.barrier'
	run -0 --separate-stderr wamp-call --table -e empty wampd.help
	[ -z "$output$stderr" ]
	run -1 --separate-stderr wamp-call --table -e '{a:1}, error("no")' \
	    wampd.help
	[ "$output" = 'a  1' ]
	[[ $stderr == 'wamp-call: -e: '*no ]]
}

@test "an empty list is told on stderr" {
	run -0 --separate-stderr wamp-call --table wampd.topics
	[ -z "$output" ]
	[ "$stderr" = 'wamp-call: nothing to list' ]
	run -0 wamp-call -q --table wampd.topics
	refute_output
}

@test "a result that is not a table is an error with --table" {
	run -1 --separate-stderr wamp-call --table wampd.echo '{}' 1
	[ -z "$output" ]
	[ "$stderr" = 'wamp-call: --table: the result is not a table: element '\
'2 of the list is a number, not an object' ]
	run -1 wamp-call --table -e '.[0]' wampd.echo null
	assert_output --partial 'it is null'
	run -2 wamp-call --table --pretty wampd.help
	assert_output --partial 'exclude each other'
	run -2 wamp-call --table --compact wampd.help
	run -2 wamp-call --pretty --compact wampd.help
	run -2 wamp-call --table -r wampd.help
}

@test "a terminal gets the broker's lists as tables that fit" {
	local procedure width

	wamp-pub --retain oro/a/topic/that/is/much/too/long/for/a/terminal 1
	for procedure in help sessions topics stats routes; do
		for width in 80 40 17; do
			run -0 seen_at "$width" \
			    "wamp-call -q wampd.$procedure"
			refute_output --partial '"'
			run ! grep -E ".{$((width + 1))}" <<<"$output"
		done
	done
	run -0 seen_at 50 'wamp-call wampd.topics'
	assert_line --index 0 --regexp '^TOPIC +SUBSCRIBERS '
	assert_line --index 1 --regexp '^oro/a/topic/that.*… +0 '
	assert_output --partial 'wamp-call: the terminal is too narrow for '
	# Sentences are wrapped, so that they can be read to their end.
	run -0 seen_at 80 'wamp-call wampd.help'
	assert_line --regexp '^wampd.forget .* drop the retained event of'
	assert_line --regexp '^   .* a topic$'
	# One that comes for a list is not in the way of another value.
	run -0 seen_at 80 "wamp-call -e '.[0].session | length' \
	    wampd.sessions"
	assert_output 16
}

@test "a terminal gets other results indented, and a pipe one line" {
	run -0 seen_at 80 "wamp-call wampd.echo 1 '{\"a\":1}'"
	assert_output $'[\n  1,\n  {\n    "a": 1\n  }\n]'
	run -0 seen_at 80 "wamp-call --compact wampd.echo 1 '{\"a\":1}'"
	assert_output '[1,{"a":1}]'
	run -0 seen_at 80 'wamp-call --compact wampd.stats'
	assert_output --regexp '^\{"sessions_opened":.*\}$'
	run -0 seen_at 80 'wamp-call --pretty wampd.stats'
	assert_line --index 0 '{'
	run -0 seen_at 80 'wamp-call -r -e ".[0].procedure" wampd.help'
	assert_output wampd.barrier
	run -0 wamp-call wampd.stats
	assert_output --regexp '^\{"sessions_opened":.*\}$'
}

@test "NO_COLOR and --color count for tables too" {
	run -0 on_terminal 'wamp-call wampd.help'
	assert_output --partial $'\e[1mPROCEDURE'
	NO_COLOR=1 run -0 on_terminal 'wamp-call wampd.help'
	refute_output --partial $'\e['
	run -0 on_terminal 'wamp-call --color=never wampd.help'
	refute_output --partial $'\e['
	run -0 wamp-call --table wampd.help
	refute_output --partial $'\e['
	run -0 wamp-call --table --color=always wampd.help
	assert_output --partial $'\e[1mPROCEDURE'
}
