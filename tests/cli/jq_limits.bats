#!/usr/bin/env bats
# jq programs that never end, take all memory or crash: what they cost the
# tools that run them, and the broker.

load helper

LOOP='last(repeat(1))'

setup() {
	test_begin
	cd "$BATS_TEST_TMPDIR" || return
}

teardown() {
	[ -z "$TOOL_PID" ] || kill "$TOOL_PID" 2>/dev/null || true
	test_end
}

# start COMMAND...: a tool whose stdout is the file out.  Signals are as in a
# terminal, not ignored.
start() {
	tool_start env --default-signal=INT,TERM "$@" >out
}

published() {
	[ "$(wamp-call wampd.stats | jq .events)" -ge "$1" ]
}

# workers PROCESS: the processes that run jq programs for it.
workers() {
	local pid

	for pid in $(children_of "$1"); do
		grep -qzx wamp-jq-worker "/proc/$pid/cmdline" || continue
		echo "$pid"
	done
}

# busy PROCESS: one of them has worked for a while.
busy() {
	local pid stat

	for pid in $(workers "$1"); do
		read -ra stat <"/proc/$pid/stat"
		[ "${stat[13]}" -lt 20 ] || return 0
	done
	return 1
}

# ---- the tools ----

@test "wamp-pub: a signal ends it amid a program that never ends" {
	local signal status

	broker_start
	while read -r signal status; do
		start wamp-pub -l -e "if . == 2 then $LOOP else . end" t
		printf '1\n2\n3\n' >&7
		wait_until busy "$TOOL_PID"
		kill -s "$signal" "$TOOL_PID"
		tool_status "$status"
		run -0 cat err
		assert_output --partial '(1 of 1 events acknowledged, '\
'0 deliveries; continue with --from-line 2)'
	done <<-'END'
		INT 130
		TERM 143
	END
}

@test "wamp-pub: a program that is killed fails for its line alone" {
	local pid

	broker_start
	start wamp-pub -l --skip-invalid -e "if . == 2 then $LOOP else . end" t
	printf '1\n2\n3\n4\n' >&7
	wait_until busy "$TOOL_PID"
	pid=$(workers "$TOOL_PID")
	kill -s KILL "$pid"
	exec 7>&-
	tool_status 1
	run -0 cat err
	assert_line 'wamp-pub: line 2: -e: the program was killed, skipped'
	published 3
}

@test "wamp-pub: what comes of a line before the crash is published" {
	broker_start
	start wamp-pub -l -e "if . == 2 then 8, 9, ($LOOP) else . end" t
	printf '1\n2\n3\n' >&7
	wait_until busy "$TOOL_PID"
	kill -s SEGV "$(workers "$TOOL_PID")"
	tool_status 1
	run -0 cat err
	assert_output 'wamp-pub: line 2: -e: the program made jq crash'
	published 3
}

@test "wamp-pub: --topic-jq is bounded, too" {
	broker_start
	start wamp-pub -l --topic-jq "if . == 2 then $LOOP else \"t\" end"
	printf '1\n2\n3\n' >&7
	wait_until busy "$TOOL_PID"
	kill -s SEGV "$(workers "$TOOL_PID")"
	tool_status 1
	run -0 cat err
	assert_output 'wamp-pub: line 2: --topic-jq: the program made jq crash'
}

@test "wamp-pub: a program that wants all memory says so" {
	local what='took more than 1024 MiB of memory|took too long'

	skip_if_sanitized
	run -1 wamp-pub --dry-run -l -e 'last(limit(60; recurse(. + .)))' t \
	    <<<'"x"'
	assert_output --regexp "^wamp-pub: line 1: -e: the program ($what)$"
}

@test "wamp-sub: a program that crashes fails for its event alone" {
	broker_start
	start wamp-sub -C 2 --ready-file ready -e \
	    "if . == 2 then $LOOP else . end" t
	wait_until test -e ready
	printf '1\n2\n3\n' | wamp-pub -l t
	wait_until busy "$TOOL_PID"
	kill -s SEGV "$(workers "$TOOL_PID")"
	tool_status 1
	run -0 cat out
	assert_output $'1\n3'
	run -0 cat err
	assert_output 'wamp-sub: t: the program made jq crash'
}

@test "wamp-sub: a signal ends it amid a program, and leaves what was printed" {
	local options

	broker_start
	for options in "-e=if . == 2 then $LOOP else . end" \
	    "-F=%{if . == 2 then $LOOP else . end}"; do
		rm -f ready
		start wamp-sub --ready-file ready "${options%%=*}" \
		    "${options#*=}"$'\n' t
		wait_until test -e ready
		printf '1\n2\n' | wamp-pub -l t
		wait_until busy "$TOOL_PID"
		kill -s TERM "$TOOL_PID"
		tool_status 143
		run -0 head -n 1 out
		assert_output 1
	done
}

@test "wamp-call: a signal ends it amid a program; a crash is an error" {
	broker_start
	start wamp-call -e "$LOOP" wampd.echo 1
	wait_until busy "$TOOL_PID"
	kill -s TERM "$TOOL_PID"
	tool_status 143
	start wamp-call -e "7, ($LOOP)" wampd.echo 1
	wait_until busy "$TOOL_PID"
	kill -s SEGV "$(workers "$TOOL_PID")"
	tool_status 1
	[ "$(cat out)" = 7 ]
	run -0 cat err
	assert_output 'wamp-call: -e: the program made jq crash'
}

@test "a worker does not outlive its tool" {
	local pid

	broker_start
	start wamp-pub -l -e "$LOOP" t
	echo 1 >&7
	wait_until busy "$TOOL_PID"
	pid=$(workers "$TOOL_PID")
	kill -s KILL "$TOOL_PID"
	tool_status 137
	wait_until process_ended "$pid"
}

# ---- the broker ----

# serve: a broker with handlers, one of which runs what it is told to.
serve() {
	echo 'e: { channel: "e/{x}", handler: e }' >routing.yml
	echo 'g: { channel: "g/{x}", handler: g }' >>routing.yml
	cat >wampd.yml <<-END
		routes: [routing.yml]
		handlers:
		  e:
		    type: jq
		    timeout: 60s
		    publish: 'if .event == "loop" then $LOOP else {event} end'
		    call: '[env, \$ENV, get_search_list]'
		  g: { type: jq, publish: '{event}' }
	END
	broker_start -c wampd.yml
}

@test "wampd: others are served while a program does not end" {
	local pid

	serve
	sub_start -C 500 g/1
	start wamp-pub e/1 '"loop"'
	wait_until busy "$BROKER_PID"
	pid=$(workers "$BROKER_PID")
	run -0 wamp-pub -l g/1 < <(seq 500)
	run -0 sub_wait
	assert_equal "$output" "$(seq 500)"
	kill -s SEGV "$pid"
	tool_status 3
	run -0 cat err
	assert_output --partial "the handler's program made jq crash"
	grep -q 'handler=e route=e topic=e/1 pid=.* jq program made jq crash' \
	    "$BROKER_LOG"
	run -0 wamp-pub e/1 1
}

@test "wampd: signals for timers do it no harm" {
	serve
	run -0 wamp-pub e/1 1
	kill -s RTMIN "$BROKER_PID"
	kill -s PROF "$BROKER_PID"
	kill -s VTALRM "$BROKER_PID"
	run -0 wamp-pub e/1 1
	published 2
}

@test "wampd: its programs see no environment, and hold nothing of it" {
	local pid

	export ORO_SECRET=hidden
	serve
	unset ORO_SECRET
	run -0 wamp-call e/1
	assert_output '[{},{},[]]'
	pid=$(workers "$BROKER_PID")
	[ -n "$pid" ]
	# Not even its own user may look into it.
	if [ "$(id -u)" -ne 0 ]; then
		run ! ls "/proc/$pid/fd"
		return
	fi
	run -0 ls "/proc/$pid/fd"
	assert_output $'0\n1\n2\n3'
}

@test "wampd: programs end with it, however it ends" {
	local pid

	serve
	start wamp-pub e/1 '"loop"'
	wait_until busy "$BROKER_PID"
	pid=$(workers "$BROKER_PID")
	broker_stop KILL || true
	wait_until process_ended "$pid"
	tool_status 6
}

@test "wampd: it ends at once amid a program that does not" {
	local pid

	serve
	start wamp-pub e/1 '"loop"'
	wait_until busy "$BROKER_PID"
	pid=$(workers "$BROKER_PID")
	broker_stop TERM
	[ ! -e "/proc/$pid" ]	# nor is it a zombie
	tool_status 6
}
