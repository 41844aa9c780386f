#!/usr/bin/env bats
# wampd(8): its log, whoever reads it, and whoever does not.

load helper

setup() {
	test_begin
	cd "$BATS_TEST_TMPDIR" || return
}

teardown() {
	test_end
}

# ---- what it says ----

@test "the log has one line for what happens, -q none" {
	broker_start
	wamp-call -u "$WS_URL" wampd.echo
	broker_stop
	run -0 grep -c session= "$BROKER_LOG"
	assert_output 2
	: >"$BROKER_LOG"
	broker_start -q
	wamp-call -u "$WS_URL" wampd.echo
	broker_stop
	[ ! -s "$BROKER_LOG" ]
}

@test "a tool's visit is logged at level debug" {
	broker_start
	wamp-pub t/1 1
	wamp-call wampd.info
	broker_stop
	run -1 grep session= "$BROKER_LOG"
	broker_start -v
	wamp-pub t/1 1
	broker_stop
	grep -q 'debug: session=.* open .*principal=local:' "$BROKER_LOG"
	grep -q 'debug: session=.* close ' "$BROKER_LOG"
}

@test "a line of text begins with time, program and level" {
	local time='[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:]{8}\.[0-9]{3}Z'

	broker_start
	kill -s USR1 "$BROKER_PID"
	assert_answers
	broker_stop
	run -1 grep -Ev "^$time wampd: (info|warning): [a-z]" "$BROKER_LOG"
	grep -Eq "^$time wampd: warning: signal=10 " "$BROKER_LOG"
}

# The variable is inherited by what is started on another stderr, too.
@test "the journal gets priorities instead of times" {
	: >"$BROKER_LOG"
	export JOURNAL_STREAM
	JOURNAL_STREAM=$(stat -c %d:%i "$BROKER_LOG")
	broker_start
	kill -s USR1 "$BROKER_PID"
	assert_answers
	broker_stop
	run -1 grep -Ev '^<[46]>[a-z]' "$BROKER_LOG"
	grep -q '^<6>version=.* listening$' "$BROKER_LOG"
	grep -q '^<4>signal=10 ' "$BROKER_LOG"
	BROKER_LOG=$BATS_TEST_TMPDIR/other
	for JOURNAL_STREAM in "$JOURNAL_STREAM" 1:1 x "$JOURNAL_STREAM:1" ''; do
		: >"$BROKER_LOG"
		broker_start
		broker_stop
		run -0 grep -c '^20.*Z wampd: info: stopped$' "$BROKER_LOG"
	done
}

@test "-v and --log-level debug say more" {
	local normal

	broker_start
	session '[5,"t/1"]' '[2,"1","wampd.info"]' >/dev/null
	broker_stop
	normal=$(wc -l <"$BROKER_LOG")
	: >"$BROKER_LOG"
	broker_start -v
	session '[5,"t/1"]' '[2,"1","wampd.info"]' >/dev/null
	broker_stop
	[ "$(wc -l <"$BROKER_LOG")" -gt "$normal" ]
	: >"$BROKER_LOG"
	broker_start --log-level debug
	session '[5,"t/1"]' '[2,"1","wampd.info"]' >/dev/null
	broker_stop
	[ "$(wc -l <"$BROKER_LOG")" -gt "$normal" ]
}

@test "--log-format json writes one object a line" {
	broker_start --log-format json
	assert_answers
	broker_stop
	run -0 jq -es 'length > 2 and all(type == "object")' "$BROKER_LOG"
}

@test "--log-format logfmt writes words and name=value" {
	local value='("([^"\\]|\\.)*"|[^ "=]*)'

	broker_start -v --log-format logfmt
	assert_answers
	session '[5,"two words"]' >/dev/null
	broker_stop
	run -1 grep -Ev "^time=$value level=$value( [^ =\"]+(=$value)?)+\$" \
	    "$BROKER_LOG"
	run -0 grep -c ' subscribe topic="two words"$' "$BROKER_LOG"
	assert_output 1
	run -0 grep -c ' close .* reason=done ' "$BROKER_LOG"
	assert_output 1
}

@test "no payload reaches the log, and no peer forges a line" {
	broker_start -v
	session '[5,"t/\nFORGED"]' '[7,"t/1","s3cret"]' \
	    '[2,"1","s3cret\nFORGED","s3cret-argument"]' '{"s3cret":1}' \
	    >/dev/null
	broker_stop
	run -1 grep -E '^FORGED|s3cret-argument|"s3cret"|\{.*s3cret' \
	    "$BROKER_LOG"
	[ -s "$BROKER_LOG" ]
}

# Wherever a long one is cut, no character is cut in two.
@test "topics of any text leave whole, harmless lines" {
	local pad format topic

	topic=$(printf '\u00e9\u20ac\U0001f600%.0s' {1..60})
	for format in text logfmt json; do
		: >"$BROKER_LOG"
		broker_start -v --log-format "$format"
		for pad in '' 1 12 123; do
			session "[5,\"$pad$topic\"]"
			session "[5,\"$pad\\u009b31m$topic\"]"
			session "[5,\"$pad\\u2028\\u202e$topic\"]"
		done >/dev/null
		broker_stop
		iconv -f utf-8 -t utf-8 "$BROKER_LOG" >/dev/null
		run -1 grep -P '\xc2[\x80-\x9f]|\xe2\x80[\xa8-\xae]' \
		    "$BROKER_LOG"
		[ "$format" != json ] ||
		    jq -es 'all(type == "object")' "$BROKER_LOG"
		run -0 grep -c 'topic=' "$BROKER_LOG"
		assert_output 12
	done
}

# ---- who reads it ----

@test "a log whose reader has gone does not end it" {
	local reader

	mkfifo "$BATS_TEST_TMPDIR/fifo"
	cat "$BATS_TEST_TMPDIR/fifo" >/dev/null 3>&- &
	reader=$!
	BROKER_LOG=$BATS_TEST_TMPDIR/fifo broker_start --log-level debug
	kill "$reader"
	wait "$reader" || true
	assert_answers
}

@test "without stdin, stdout and stderr no peer reads the log" {
	local fd

	wampd -v -l 127.0.0.1:0 --ports-file "$PORTS" -S "$WAMPD_CONTROL" \
	    <&- >&- 2>&- 3>&- &
	BROKER_PID=$!
	wait_until test -e "$PORTS"
	for fd in 0 1 2; do
		[ "$(readlink "/proc/$BROKER_PID/fd/$fd")" = /dev/null ]
	done
	assert_answers
}

# chatter N: so many lines of the log, numbered, of 200 bytes.
chatter() {
	local i lines=() pad

	pad=$(printf '%0120d' 0)
	for ((i = 0; i < $1; i++)); do
		lines+=("[5,\"t/$i/$pad\"]" "[6,\"t/$i/$pad\"]")
	done
	session "${lines[@]}" >/dev/null
}

# accounted FILE N: of so many topics each is there or counted as lost, once.
accounted() {
	awk -v n="$2" '!/^20.*Z wampd: / { torn++ }
		/ subscribe topic=/ { seen++ }
		/ lines? lost: / { sub(/.*warning: /, ""); lost += $1 }
		END { exit !(lost > 0 && !torn && seen <= n &&
		    seen + lost >= n) }' "$1"
}

@test "a log that nobody reads stops nothing, and says what was lost" {
	local reader

	mkfifo fifo
	exec {reader}<>fifo
	echo 'log: { rate: 0 }' >wampd.yml
	BROKER_LOG=fifo broker_start -v -c wampd.yml
	chatter 2000
	assert_answers
	cat <&"$reader" >got 3>&- &
	wait_until grep -q ' lines lost: ' got
	broker_stop TERM
	wait_until grep -q ': stopped$' got
	kill $!
	exec {reader}>&-
	accounted got 2000
}

# As by Ctrl-S, or a connection that hangs.
@test "a terminal that shows nothing for a while stops nothing" {
	local terminal

	echo 'log: { rate: 0 }' >wampd.yml
	script -qfc "exec wampd -v -c wampd.yml -l 127.0.0.1:0 \
	    --ports-file '$PORTS' \
	    -S '$WAMPD_CONTROL'" shown </dev/null >/dev/null 3>&- &
	terminal=$!
	wait_until test -e "$PORTS"
	BROKER_PID=$(children_of "$terminal")
	kill -s STOP "$terminal"
	chatter 2000
	assert_answers
	kill -s CONT "$terminal"
	wait_until grep -q ' lines lost: ' shown
	kill -s TERM "$BROKER_PID"
	BROKER_PID=
	wait "$terminal"
	sed -i '1d; $d; s/\r//' shown
	accounted <(grep wampd: shown) 2000
}

@test "a full disk stops nothing" {
	BROKER_LOG=/dev/full broker_start -v
	chatter 100
	assert_answers
	broker_stop
}
