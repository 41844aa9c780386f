#!/usr/bin/env bats
# README.md, here and in other folders: what it shows is what happens.
#
# A tour is the blocks marked "console" below a heading.  A line that begins
# with a digit and "$ " is a command in that terminal, those below it are what
# is seen there.  Two things are replaced, the port and the control socket.
# A block whose introduction ends with a file's name in `` and a colon is that
# file.

load helper
load shown

setup() {
	test_begin
	ROOT=${BATS_TEST_DIRNAME%/tests/cli}
	PAGE=$ROOT/README.md
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
		/^##? / { here = $0 ~ heading }
		/^```/ { inside = here && $0 == "```" language; next }
		inside' "$PAGE"
}

# write_files HEADING: the files that are shown below it.
write_files() {
	awk -v heading="$1\$" '
		/^##? / { here = $0 ~ heading }
		!here || /^$/ { next }
		/^```/ { inside = !inside; next }
		inside && name != "" { print >name }
		inside { next }
		{ name = "" }
		match($0, /`[^`]*`:$/) {
			name = substr($0, RSTART + 1, RLENGTH - 3)
		}' "$PAGE"
}

# Terminal 1: the broker, but on a free port.
first_terminal() {
	local command=$1

	if [ "$command" = 'make run' ]; then
		command=$(env -u MAKEFLAGS make -s -n -C "$ROOT" run |
		    sed -n 's/.*exec \(.*\)) <&0 &.*/\1 /p')
	fi
	[[ $command == *bin/wampd\ * ]]
	# shellcheck disable=SC2086	# split on purpose
	broker_start ${command#*bin/wampd }
}

subscriptions_are() {
	[ "$(wamp-call wampd.info | jq .subscriptions)" -eq "$1" ]
}

# Terminal 2: wamp-sub, which ends when it has seen the events of terminal 3.
second_terminal() {
	local command=${1/#bin\/wamp-sub/bin\/wamp-sub --ready-file ready}

	[ "$command" != "$1" ]
	second_terminal_end
	SECOND_SHOWN=$2
	rm -f ready
	timeout 30 bash -c "exec $command" >"$SECOND_SAID" 2>&1 3>&- &
	SECOND_PID=$!
	wait_until test -e ready
}

second_terminal_end() {
	[ -n "$SECOND_PID" ] || return 0
	wait "$SECOND_PID" || { cat "$SECOND_SAID"; return 1; }
	SECOND_PID=
	assert_shown "$SECOND_SHOWN" "$(cat "$SECOND_SAID")"
	wait_until subscriptions_are 0
}

third_terminal() {
	echo "3$ $1"		# shown if it fails
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

# take_tour HEADING STEPS: all of its commands, which are at least so many.
take_tour() {
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
	done 4< <(blocks "$1" console)
	[ "$steps" -ge "$2" ]
	step "$terminal" "$command" "${shown%$'\n'}"
	second_terminal_end
}

@test "the tour shows what happens" {
	take_tour tour 10
}

@test "the cookbook shows what happens" {
	take_tour Cookbook 20
}

@test "a handler is added as it shows" {
	PAGE=$ROOT/examples/handlers/README.md
	mkdir mine
	write_files handler
	run -0 ls mine
	assert_output $'calculator.sh\nrouting.yml\nwampd.yml'
	take_tour handler 7
}

@test "routes do what it shows" {
	take_tour routes 3
}

@test "tickets let in as it shows" {
	write_files tickets
	take_tour tickets 7
}

@test "the routing file that it shows is one" {
	blocks 'routes' yaml >routes.yml
	[ -s routes.yml ]
	wampd -t -r routes.yml
	broker_start -r routes.yml
	wamp-pub news/sports 1
	run -3 wamp-pub news/2 1
}

@test "the files that it links to exist" {
	local link page

	for page in "$ROOT"/{,examples/,examples/*/,src/,tests/}README.md; do
		while read -r link; do
			ls -d "$(dirname "$page")/${link#*(}"
		done < <(grep -oE '\]\([^)]+' "$page")
	done
}

@test "all examples are listed" {
	local file

	for file in "$ROOT"/examples/{pipelines,php,python,node}/*; do
		grep -qF "(${file#"$ROOT/examples/"})" \
		    "$ROOT/examples/README.md"
	done
}

@test "the files that the map of the code names exist" {
	local name names

	PAGE=$ROOT/src/README.md
	names=$(sed -n 's/^    \([a-z]*\/[^ ]*\) .*/\1/p' "$PAGE")
	[ -n "$names" ]
	for name in $names; do
		# shellcheck disable=SC2086	# wamp-*.c
		ls -d "$ROOT"/$name
	done
	names=$(grep -oE '\b([a-z0-9]+/)?[a-z_]+\.c\b' "$PAGE")
	[ -n "$names" ]
	for name in $names; do
		ls "$ROOT/src/wampd/$name"
	done
}

@test "the map of the code names every folder of it" {
	local folder

	cd "$ROOT" || return
	for folder in lib/*/ src/*/ src/wampd/*/ man/ completions/ examples/ \
	    tests/; do
		grep -qE "^    $folder " src/README.md || {
			echo "src/README.md does not name $folder"
			return 1
		}
	done
}
