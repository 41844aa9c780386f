#!/usr/bin/env bats
# The control socket by hand: what socat, and nothing else of ours, shows.

load helper

setup() {
	test_begin
	broker_start
}

teardown() {
	[ -z "${LISTENER_PID:-}" ] || kill "$LISTENER_PID"
	test_end
}

# listener_start SECONDS: a session that stays: what is written to fd $LISTENER
# goes to the broker, what the broker says to the file $HEARD.  When the fd is
# closed, socat listens for that long and ends.
listener_start() {
	local pipe=$BATS_TEST_TMPDIR/pipe

	HEARD=$BATS_TEST_TMPDIR/heard
	mkfifo "$pipe"
	socat -t "$1" - "UNIX-CONNECT:$WAMPD_CONTROL" \
	    <"$pipe" >"$HEARD" 3>&- &
	LISTENER_PID=$!
	exec {LISTENER}>"$pipe"
	wait_until heard '[0,'
}

# Whether the listener has heard a line that begins with $1.
heard() {
	local line

	while IFS= read -r line; do
		[[ $line != "$1"* ]] || return 0
	done <"$HEARD"
	return 1
}

say() {
	printf '%s\n' "$1" >&"$LISTENER"
}

@test "socat shows WELCOME" {
	run -0 session
	[ "${#lines[@]}" -eq 1 ]
	assert_output --regexp \
	    '^\[0,"[A-Za-z0-9_-]{16,}",1,"wampd/[0-9]+\.[0-9]+\.[0-9]+"\]$'
}

@test "socat calls and gets the result" {
	run -0 session '[2,"1","wampd.echo","hello",2]'
	assert_line --index 1 '[3,"1",["hello",2]]'
	[ "${#lines[@]}" -eq 2 ]
}

@test "a subscribed socat gets an EVENT that another published" {
	listener_start 10
	say '[5,"demo"]'
	say '[2,"1","wampd.echo"]'
	wait_until heard '[3,"1",[]]'

	session '[7,"demo",{"n":1}]' '[7,"demo", [2, "two"]]' '[7,"other",3]'
	wait_until heard '[8,"demo",[2, "two"]]'
	say '[2,"2","wampd.echo"]'
	wait_until heard '[3,"2",[]]'
	run -0 grep -v '^\[[03],' "$HEARD"
	assert_output '[8,"demo",{"n":1}]
[8,"demo",[2, "two"]]'
}

@test "the session ends with socat's input" {
	listener_start 0
	say '[5,"demo"]'
	say '[2,"1","wampd.topics"]'
	wait_until heard '[3,"1",[{"topic":"demo"'
	exec {LISTENER}>&-
	wait "$LISTENER_PID"
	LISTENER_PID=
	run -0 session '[2,"1","wampd.topics"]'
	assert_line --index 1 '[3,"1",[]]'
}

@test "a line that is no message is reported, then the end" {
	run -0 session 'hello' '[2,"1","wampd.echo"]'
	assert_line --index 1 --partial \
	    '[4,"","wampd.error.protocol_violation","'
	[ "${#lines[@]}" -eq 2 ]
}

@test "a line over the limit is reported, then the end" {
	local long

	printf -v long '%*s' $((1024 * 1024 + 1)) ''
	run session "\"$long\""
	assert_line --index 1 --partial \
	    '[4,"","wampd.error.protocol_violation","'
	[ "${#lines[@]}" -eq 2 ]
	run -0 session '[2,"1","wampd.echo"]'
	assert_line --index 1 '[3,"1",[]]'
}

@test "a last line counts without its newline too" {
	listener_start 10
	printf '%s' '[2,"1","wampd.echo"]' >&"$LISTENER"
	exec {LISTENER}>&-
	wait_until heard '[3,"1",[]]'
}

@test "all that a socat says counts that hears nothing and leaves at once" {
	local i

	sub_start -C 20000 demo
	for i in {1..10}; do
		seq -f '[7,"demo",%.0f]' $((i * 2000 - 1999)) $((i * 2000)) |
		    socat -u - "UNIX-CONNECT:$WAMPD_CONTROL"
	done
	sub_wait | sort -n | cmp - <(seq 20000)
}
