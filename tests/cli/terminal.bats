#!/usr/bin/env bats
# What a terminal gets of what others sent: it shows all, and obeys nothing.

load helper

# CSI of eight bits, BEL, ESC, DEL, and what turns text around.
HOSTILE=$'\u009b31m\u202e\u007f'
# The same as escapes of JSON, with what JSON has no other way to write.
ESCAPED='\u001b]0;x\u0007'

setup() {
	test_begin
	broker_start
	unset NO_COLOR
	export TERM=xterm
}

teardown() {
	test_end
}

# look_at COMMAND: run it there; what it wrote is in the file "seen".
look_at() {
	on_terminal "$1" >"$BATS_TEST_TMPDIR/seen"
}

# obeys_nothing [TEXT [ALLOWED]]: nothing there commands it, but for our own
# colours; and the text is seen.  ALLOWED: what else may be there, as tr has it
# (default: TAB and NUL).
obeys_nothing() {
	sed 's/\x1b\[[0-9;]*m//g' "$BATS_TEST_TMPDIR/seen" |
	    tr -d "\\r${2-\\t\\0}" >"$BATS_TEST_TMPDIR/rest"
	LC_ALL=C run ! grep -naP '[\x00-\x09\x0b-\x1f\x7f]|\xc2[\x80-\x9f]' \
	    "$BATS_TEST_TMPDIR/rest"
	LC_ALL=C run ! grep -na $'\xe2\x80\xae' "$BATS_TEST_TMPDIR/rest"
	grep -q "${1:-x}" "$BATS_TEST_TMPDIR/rest"
}

@test "wamp-sub, however it prints" {
	local options topic="t/x$HOSTILE"

	wamp-pub --retain "$topic" "\"x$HOSTILE$ESCAPED\\ny\""
	for options in '' -t -j -r -rt -0 --pretty '--color never' \
	    '-t --color never' '-j --color never' '-r --color never' \
	    '-F "%t %p %r %{.} %{[.]} %{ascii_downcase}\n"' '-e .' '-re .'; do
		look_at "wamp-sub --retained-only $options '$topic'"
		obeys_nothing
	done
	# Lines are lines.
	look_at "wamp-sub --retained-only -r '$topic'"
	grep -qx y <(tr -d '\r' <"$BATS_TEST_TMPDIR/seen")
	# It is the terminal that gets escapes, and nobody else.
	wamp-sub --retained-only -r "$topic" |
	    cmp - <(printf 'x%s\e]0;x\a\ny\n' "$HOSTILE")
	wamp-sub --retained-only -t "$topic" |
	    cmp - <(printf '%s\t"x%s%s\\ny"\n' "$topic" "$HOSTILE" "$ESCAPED")
}

@test "wamp-call, and what it says of an error" {
	local options arg="\"x$HOSTILE$ESCAPED\""

	for options in '' -r --pretty '--color never' '-r -e .[]' \
	    '-e .[] --color never'; do
		look_at "wamp-call $options wampd.echo '$arg'"
		obeys_nothing
	done
	look_at "wamp-call 'x$HOSTILE' 2>&1" || [ $? -eq 3 ]
	obeys_nothing
	wamp-call -r -e '.[]' wampd.echo "$arg" |
	    cmp - <(printf 'x%s\e]0;x\a\n' "$HOSTILE")
}

@test "wamp-call --table" {
	local hostile=x$HOSTILE

	COLUMNS=80 look_at "wamp-call --table wampd.echo \
	    '{\"$hostile\":\"$hostile\\u001b]0;y\\u0007\"}' '{}'"
	obeys_nothing x ''
	grep -qF '\xc2\x9b31m\xe2\x80\xae\x7f\x1b]0;y\x07' \
	    "$BATS_TEST_TMPDIR/rest"
}

@test "wamp-pub --dry-run, wamp-maint and wamp-routes" {
	look_at "wamp-pub --dry-run 'x$HOSTILE' '\"$HOSTILE\"'"
	obeys_nothing
	wamp-maint on -m "x$HOSTILE"
	for options in '' --json; do
		look_at "wamp-maint status $options" || [ $? -eq 10 ]
		obeys_nothing
	done
	printf '"x%s": { channel: "a%s", handler: { callback: c } }\n' \
	    '\u009b31m' '\u202e' >"$BATS_TEST_TMPDIR/r.yml"
	for options in -l '-lf json' '-lf tsv' '-lf md' '' '-f json' -p \
	    '-m "a'$'\u202e''"'; do
		look_at "wamp-routes $options $BATS_TEST_TMPDIR/r.yml" ||
		    [ $? -eq 1 ]
		obeys_nothing .
	done
}
