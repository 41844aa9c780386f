#!/usr/bin/env bats
# README.md: what it shows is what happens.
#
# The tour is the blocks marked "console" below its heading.  A line that begins
# with a digit and "$ " is a command in that terminal, those below it are what
# is seen there.  Two things are replaced, the port and the control socket.

load helper
load shown

setup() {
	test_begin
	ROOT=${BATS_TEST_DIRNAME%/tests/cli}
	SECOND_PID=
	SECOND_SAID=$BATS_TEST_TMPDIR/second
	mkdir "$BATS_TEST_TMPDIR/work"
	cd "$BATS_TEST_TMPDIR/work" || return
	ln -s "$BIN" bin
	ln -s "$ROOT/examples" examples
}

teardown() {
	[ -z "$SECOND_PID" ] || kill "$SECOND_PID"
	test_end
}

# blocks HEADING LANGUAGE: the lines of the blocks of that language below a
# heading that ends so.
blocks() {
	awk -v heading="$1\$" -v language="$2" '
		/^## / { here = $0 ~ heading }
		/^```/ { inside = here && $0 == "```" language; next }
		inside' "$ROOT/README.md"
}

# Terminal 1: what make run starts, but on a free port.
first_terminal() {
	local arguments

	[ "$1" = 'make run' ]
	arguments=$(env -u MAKEFLAGS make -s -n -C "$ROOT" run |
	    sed -n 's/^exec [^ ]*wampd //p')
	[ -n "$arguments" ]
	# shellcheck disable=SC2086	# split on purpose
	broker_start $arguments
}

subscriptions_are() {
	[ "$(wamp-call wampd.info | jq .subscriptions)" -eq "$1" ]
}

# Terminal 2: a command that ends when it has seen the events of terminal 3.
second_terminal() {
	second_terminal_end
	SECOND_SHOWN=$2
	timeout 30 bash -c "exec $1" >"$SECOND_SAID" 2>&1 3>&- &
	SECOND_PID=$!
	wait_until subscriptions_are 1
}

second_terminal_end() {
	[ -n "$SECOND_PID" ] || return 0
	wait "$SECOND_PID"
	SECOND_PID=
	assert_shown "$SECOND_SHOWN" "$(cat "$SECOND_SAID")"
	wait_until subscriptions_are 0
}

third_terminal() {
	run -0 bash -c "$1"
	assert_shown "$2" "$output"
}

# step TERMINAL COMMAND SHOWN
step() {
	local command=$2

	command=${command//ws:\/\/127.0.0.1:8080\//${WS_URL:-}}
	command=${command//\/run\/wampd\/control.sock/$WAMPD_CONTROL}
	case $1 in
	1)	first_terminal "$command" ;;
	2)	second_terminal "$command" "$3" ;;
	3)	third_terminal "$command" "$3" ;;
	*)	false ;;
	esac
}

@test "the tour shows what happens" {
	local line terminal='' command='' shown='' steps=0

	while IFS= read -r -u 4 line; do
		if [[ $line == [0-9]'$ '* ]]; then
			[ -z "$terminal" ] ||
			    step "$terminal" "$command" "${shown%$'\n'}"
			terminal=${line:0:1}
			command=${line:3}
			shown=
			: $((++steps))
		else
			shown+=$line$'\n'
		fi
	done 4< <(blocks 'tour' console)
	[ "$steps" -gt 10 ]
	step "$terminal" "$command" "${shown%$'\n'}"
	second_terminal_end
}

@test "the routing file that it shows is one" {
	blocks 'routes' yaml >routes.yml
	[ -s routes.yml ]
	wampd -t -r routes.yml
	broker_start -r routes.yml
	wamp-pub news/sports 1
	run -3 wamp-pub news/2 1
}

@test "the files that it names exist" {
	local name names

	names=$(sed -n 's/^    \([a-z]*\/[^ ]*\) .*/\1/p
		s/.*](\([^)]*\)).*/\1/p' "$ROOT/README.md")
	[ -n "$names" ]
	for name in $names; do
		# shellcheck disable=SC2086	# wamp-*.c
		ls -d "$ROOT"/$name
	done
	names=$(grep -oE '\b[a-z]+\.c\b' "$ROOT/README.md")
	[ -n "$names" ]
	for name in $names; do
		ls "$ROOT/src/wampd/$name"
	done
}
