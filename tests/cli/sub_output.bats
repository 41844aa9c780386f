#!/usr/bin/env bats
# wamp-sub(1): every way to print an event, with every way to stop.

load helper
load fake_server

setup() {
	test_begin
	broker_start
}

teardown() {
	fake_end
	test_end
}

# kept: a broker whose topics k/... keep their last event.
broker_keeps() {
	broker_stop
	cat >"$BATS_TEST_TMPDIR/routes.yml" <<-'END'
		kept:
		    channel: k/{name}
		    handler: { callback: keep }
		    requirements: { name: { pattern: .+ } }
		all:
		    channel: "{name}"
		    handler: { callback: pass }
		    requirements: { name: { pattern: .+ } }
	END
	cat >"$BATS_TEST_TMPDIR/wampd.yml" <<-'END'
		handlers:
		  keep: { type: broadcast, retain: true, publish: [anyone] }
		  pass: { type: broadcast, publish: [anyone] }
	END
	broker_start -c "$BATS_TEST_TMPDIR/wampd.yml" \
	    -r "$BATS_TEST_TMPDIR/routes.yml"
}

# published EVENT...: each on topic a.
published() {
	local event

	for event; do
		wamp-pub a "$event"
	done
}

# ---- the matrix ----

# matrix_run NAME ARGUMENT...: in the background; its output and its status go
# to files of that name.
matrix_run() {
	local out=$BATS_TEST_TMPDIR/$1

	shift
	{
		local status=0
		wamp-sub "$@" k/1 k/2 >"$out.out" 2>"$out.err" || status=$?
		echo "$status" >"$out.status"
	} 3>&- &
}

@test "every stop works with every output" {
	local stop output name wanted n=0
	local -a stops=('-C 2' '-W 5' '--idle 2' '-E' '--retained-only')
	local -a outputs=('' -t -j -r -0 --pretty '--color always'
	    '-F %t=%{.n}\n' '-e .n' '--exec cat'
	    '-t -r -e .s' '-0 -j --pretty --color always')

	broker_keeps
	wamp-pub k/1 '{"n":1,"s":"x"}'
	wamp-pub k/2 '{"n":2,"s":"y"}'
	for stop in "${stops[@]}"; do
		for output in "${outputs[@]}"; do
			# shellcheck disable=SC2086	# options, to be split
			matrix_run "$((n++))" $stop $output
		done
	done
	for ((n = 0; n < ${#stops[@]} * ${#outputs[@]}; n++)); do
		wait_until test -s "$BATS_TEST_TMPDIR/$n.status"
	done
	n=0
	for stop in "${stops[@]}"; do
		for output in "${outputs[@]}"; do
			name=$BATS_TEST_TMPDIR/$((n++))
			echo "$stop, $output: $(<"$name.err")"
			[ "$(<"$name.status")" -eq 0 ]
			[ ! -s "$name.err" ]
			wanted=$BATS_TEST_TMPDIR/$(((n - 1) % ${#outputs[@]}))
			if [ "$stop" = -E ]; then
				[ ! -s "$name.out" ]
			elif [[ $output = *-j* ]]; then
				# The time differs.
				[ -s "$name.out" ]
			else
				[ -s "$name.out" ]
				cmp "$name.out" "$wanted.out"
			fi
		done
	done
}

# ---- -F ----

@test "-F prints what it says" {
	sub_start -C 2 -F '%n %t %p %r %l %{.[0]} 100%%\t|\n' a
	published '["x", 1]' null
	run -0 sub_wait
	assert_output $'1 a ["x", 1] ["x", 1] 8 x 100%\t|
2 a null null 4 null 100%\t|'
}

@test "-F: the times are of the moment" {
	local before after

	before=$(date +%s)
	sub_start -C 1 -F '%U %I\n' a
	published 1
	run -0 sub_wait
	after=$(date +%s)
	[[ $output =~ ^([0-9]+)\.[0-9]{6}\ ([0-9TZ:.-]+)$ ]]
	[ "${BASH_REMATCH[1]}" -ge "$before" ]
	[ "${BASH_REMATCH[1]}" -le "$after" ]
	[ "$(date -d "${BASH_REMATCH[2]}" +%s)" -eq "${BASH_REMATCH[1]}" ]
}

@test "-F: an event that does not fit is passed over, and told" {
	sub_start -C 1 -F '%n %{.a}\n' a
	published 7 '{"a":9007199254740993}'
	run -1 --separate-stderr sub_wait
	assert_output '1 9007199254740993'
	[ "$stderr" = 'wamp-sub: a: cannot index number with "a"' ]
}

@test "-F: a wrong format is a usage error that names the column" {
	local format

	while read -r format; do
		run -2 wamp-sub -F "$format" a
		assert_output --regexp '^wamp-sub: -F: column [0-9]+: '
		[ "${#lines[@]}" -eq 1 ]
	done <<-'END'
		%x
		abc%
		\q
		abc\
		%{.a
		%{}
		%{.a |}
	END
}

# ---- -e ----

@test "-e prints none, one or more results of each event" {
	sub_start -C 2 -t -e '.[]?' a
	published '[]' '[1,"x"]' 3 '[{"b": 2}]'
	run -0 sub_wait
	assert_output $'a\t1\na\t"x"\na\t{"b":2}'
}

@test "-e and -F know what --arg and --argjson name" {
	# shellcheck disable=SC2016	# jq's variables
	sub_start -C 2 --arg x a --argjson n 9007199254740993 \
	    -e '[., $x, $n]' a
	published 1 12345678901234567890
	run -0 sub_wait
	assert_line -n 0 '[1,"a",9007199254740993]'
	assert_line -n 1 '[12345678901234567890,"a",9007199254740993]'
	# shellcheck disable=SC2016
	sub_start -C 1 --arg x a -F '%p %{$x + .}\n' a
	published '"b"'
	run -0 sub_wait
	assert_output '"b" ab'
	run -2 wamp-sub --arg x a t
	assert_output --partial '--arg and --argjson need -e or -F'
}

@test "-e: -C counts the events of which something was printed" {
	sub_start -C 1 -r -e 'select(.level == "error") | .text' a
	published '{"level":"info","text":"no"}' \
	    '{"level":"error","text":"yes"}'
	run -0 sub_wait
	assert_output yes
}

@test "-e: numbers keep their digits where nothing touches them" {
	sub_start -C 1 -e 'select(.n > 1)' a
	published '{"n":9007199254740993}'
	run -0 sub_wait
	assert_output '{"n":9007199254740993}'
}

@test "-e: an error is told, the next event is printed, and the end is 1" {
	sub_start -C 1 -e .a.b a
	published '{"a":1}' '{"a":{"b":2}}'
	run -1 --separate-stderr sub_wait
	assert_output 2
	[ "$stderr" = 'wamp-sub: a: Cannot index number with string "b"' ]
	run -2 wamp-sub -e '.a |' a
	assert_output --regexp '^wamp-sub: -e: line 1, column [0-9]+: '
}

@test "-e: a signal ends a program that prints without end" {
	sub_start -e 'repeat(.)' a
	published 1
	wait_until test -s "$BATS_TEST_TMPDIR/sub.1.out"
	kill -s TERM "$(<"$BATS_TEST_TMPDIR/sub.1.pid")"
	run -143 sub_wait
}

# ---- --pretty and colours ----

@test "--pretty indents, and keeps the bytes of numbers and strings" {
	sub_start -C 1 --pretty a
	published '{"n":9007199254740993,"s":["\u00e9\/"],"e":{}}'
	run -0 sub_wait
	assert_output - <<-'END'
		{
		  "n": 9007199254740993,
		  "s": [
		    "\u00e9\/"
		  ],
		  "e": {}
		}
	END
}

@test "--pretty lets no event drive the terminal" {
	sub_start -C 1 --pretty a
	published $'"\xc2\x9b31m\x7f"'
	run -0 sub_wait
	assert_output '"\u009b31m\u007f"'
}

# kept_on_terminal ARGUMENT...: what wamp-sub prints there of what is kept.
kept_on_terminal() {
	on_terminal "wamp-sub --retained-only $* k/1"
}

@test "colours only where stdout is a terminal that wants them" {
	local esc=$'\e'

	broker_keeps
	wamp-pub k/1 1
	export TERM=xterm
	run -0 kept_on_terminal
	assert_output --partial "${esc}[0;39m1"
	NO_COLOR=1 run -0 kept_on_terminal
	refute_output --partial "$esc"
	TERM=dumb run -0 kept_on_terminal
	refute_output --partial "$esc"
	run -0 kept_on_terminal --color never
	refute_output --partial "$esc"
	NO_COLOR=1 run -0 kept_on_terminal --color always
	assert_output --partial "$esc"
	run -0 wamp-sub --retained-only k/1
	assert_output 1
	run -0 wamp-sub --retained-only --color always k/1
	assert_output "${esc}[0;39m1${esc}[0m"
}

# ---- --exec ----

@test "--exec gives each event to a command, one after the other" {
	# shellcheck disable=SC2016	# the command's
	sub_start -C 3 --exec 'read -r e; printf "%s\n" "$WAMP_TOPIC=$e"' \
	    a $'b\t"'
	published 1 '{"x":2}'
	wamp-pub $'b\t"' 3
	run -0 sub_wait
	assert_output $'a=1\na={"x":2}\nb\\t\\"=3'
}

@test "--exec: the command does not speak for the service" {
	NOTIFY_SOCKET=@none WATCHDOG_USEC=9 WATCHDOG_PID=1 LISTEN_FDS=1 \
	    LISTEN_PID=1 LISTEN_FDNAMES=x KEPT=1 sub_start -C 1 \
	    --exec 'env | grep -E "^(NOTIFY_|WATCHDOG_|LISTEN_|KEPT)"' a
	published 1
	run -0 sub_wait
	assert_output KEPT=1
}

@test "--exec: the command gets what would be printed" {
	sub_start -C 1 -t -r -e '.[]' --exec 'echo begin; cat; echo end' a
	published '["x","y"]'
	run -0 sub_wait
	assert_output $'begin\na\tx\nend\nbegin\na\ty\nend'
}

@test "--exec: a command that fails is told, and the end is 1" {
	# shellcheck disable=SC2016	# the command's
	sub_start -C 2 --exec 'read -r n; [ "$n" = 2 ] || exit 7; echo "$n"' a
	published 1 2
	run -1 --separate-stderr sub_wait
	assert_output 2
	[ "$stderr" = 'wamp-sub: a: the command exited with 7' ]
}

@test "--exec: a command killed by a signal is told" {
	# shellcheck disable=SC2016	# the command's
	sub_start -C 1 --exec 'kill -s KILL $$' a
	published 1
	run -1 --separate-stderr sub_wait
	[ "$stderr" = \
	    'wamp-sub: a: the command was ended by signal 9 (Killed)' ]
}

@test "--exec: a command need not read a large event" {
	sub_start -C 2 --exec 'echo done' a
	seq -s, 100000 | sed 's/.*/[&]/' | wamp-pub a
	published 1
	run -0 sub_wait
	assert_output $'done\ndone'
}

@test "--exec: a large event comes whole" {
	sub_start -C 1 --exec 'wc -c' a
	seq -s, 100000 | sed 's/.*/[&]/' >"$BATS_TEST_TMPDIR/large"
	wamp-pub a <"$BATS_TEST_TMPDIR/large"
	run -0 sub_wait
	[ "$output" -eq "$(wc -c <"$BATS_TEST_TMPDIR/large")" ]
}

@test "--exec: a topic that is too long for a command is passed over" {
	fake_start long-topic "$BATS_TEST_TMPDIR/fake"
	# shellcheck disable=SC2016	# the command's
	run -1 --separate-stderr wamp-sub -S "$FAKE" -C 2 \
	    --exec 'cat; echo "$WAMP_TOPIC"' a
	assert_output $'2\na'
	[[ $stderr == 'wamp-sub: xxx'*'x: /bin/sh: Argument list too long' ]]
}

# A command that would never end, and one that it has started.
endless() {
	sub_start "$@" --exec "sleep 1000 & echo \$! >$BATS_TEST_TMPDIR/child
	    wait" a
	published 1
	wait_until test -s "$BATS_TEST_TMPDIR/child"
}

child_gone() {
	local pid

	pid=$(<"$BATS_TEST_TMPDIR/child")
	! kill -s 0 "$pid" 2>/dev/null
}

@test "--exec: a signal ends the command and all that it started" {
	endless
	kill -s TERM "$(<"$BATS_TEST_TMPDIR/sub.1.pid")"
	run -143 sub_wait
	wait_until child_gone
}

@test "--exec: so does -W" {
	endless -W 1
	run -0 sub_wait
	wait_until child_gone
}

@test "--exec: a command that ignores SIGTERM is killed" {
	endless --exec "trap '' TERM; echo \$\$ >$BATS_TEST_TMPDIR/child
	    while :; do sleep 1000; done"
	kill -s TERM "$(<"$BATS_TEST_TMPDIR/sub.1.pid")"
	run -143 sub_wait
	wait_until child_gone
}

exec_reader_goes() {
	wamp-sub --ready-fd 4 --exec cat a \
	    4> >(read -r; seq 1 100 | wamp-pub -l a) | head -n 1
	return "${PIPESTATUS[0]}"
}

@test "--exec: a reader of the output that goes ends it quietly" {
	run -141 --separate-stderr exec_reader_goes
	assert_output 1
	[ -z "$stderr" ]
}

# ---- files ----

@test "a file gets everything" {
	sub_start -C 20000 a
	seq 1 20000 | wamp-pub -l a
	sub_wait | cmp - <(seq 1 20000)
	sub_start -C 20000 -F '%p\n' a
	seq 1 20000 | wamp-pub -l a
	sub_wait | cmp - <(seq 1 20000)
}

@test "-v tells how many events there were" {
	sub_start -v -C 2 a
	published 1 2
	run -0 --separate-stderr sub_wait
	[[ $stderr == *$'\nwamp-sub: 2 events' ]]
	sub_start -v a
	published 1
	wait_until test -s "$BATS_TEST_TMPDIR/sub.2.out"
	kill -s TERM "$(<"$BATS_TEST_TMPDIR/sub.2.pid")"
	run -143 --separate-stderr sub_wait
	[[ $stderr == *$'\nwamp-sub: 1 event' ]]
}
