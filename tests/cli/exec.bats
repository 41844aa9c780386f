#!/usr/bin/env bats
# wamp-exec(7): handlers that are programs, with real ones.
# shellcheck disable=SC2016	# what calls say is for the program's shell

load helper

setup() {
	test_begin
	ROOT=${BATS_TEST_DIRNAME%/tests/cli}
	EXAMPLES=$ROOT/examples/handlers
	mkdir "$BATS_TEST_TMPDIR/work"
	cd "$BATS_TEST_TMPDIR/work" || return
	cat >routing.yml <<-'END'
	x: { channel: 'x/{name}', handler: x }
	other: { channel: other, handler: other }
	END
	# A program that does what it is called with, and allows the rest.
	cat >obey <<-'END'
	#!/bin/bash
	answer() { printf '{"id":%s,"result":%s}\n' "$id" "$1"; }
	allow() { printf '{"id":%s,"allow":true}\n' "$id"; }
	while IFS= read -r line; do
	    id=$(jq '.id // empty' <<<"$line")
	    [ -z "$id" ] || eval "$(jq -r '.args[0] // "allow"' <<<"$line")"
	done
	END
	chmod +x obey
}

teardown() {
	test_end
}

# start KEYS...: start a broker whose handler x has these keys, one a line.
start() {
	printf '%s\n' 'routes: [routing.yml]' 'handlers:' \
	    '  other: { type: broadcast, publish: anyone }' \
	    '  x:' '    type: exec' '    publish: anyone' \
	    '    restart: { min: 1ms, max: 1ms }' "${@/#/    }" >wampd.yml
	broker_start -c wampd.yml
}

logged() {
	grep -q -- "$1" "$BROKER_LOG"
}

# How many processes the broker has started and not waited for.
# Nobody but nurseries is a child of the broker, and no one has ended: a
# confined broker has a spare one.
only_nurseries() {
	local child children want=1

	! is_confined || want=2
	read -ra children <<<"$(children_of "$BROKER_PID")"
	[ "${#children[@]}" -eq "$want" ] || return 1
	for child in "${children[@]}"; do
		! process_ended "$child" || return 1
	done
}

is_confined() {
	grep -q '^Seccomp:.*2' "/proc/$BROKER_PID/status"
}

descriptors() {
	find "/proc/$BROKER_PID/fd" -type l | wc -l
}

# The rest of the broker is well, whatever the program does.
assert_others_work() {
	sub_start -C 1 other
	wamp-pub other 1
	run -0 sub_wait
	assert_output 1
}

# ---- what documentation shows ----

@test "examples: their configuration is right" {
	run -0 wampd -t -c "$EXAMPLES/wampd.yml"
	assert_output ''
	run -0 wamp-routes --strict -c "$EXAMPLES/wampd.yml"
	assert_output ''
}

@test "examples: sum.sh adds up" {
	broker_start -c "$EXAMPLES/wampd.yml"
	run -0 wamp-call sum 1 2 3.5
	assert_output '{"sum":6.5}'
	run -3 wamp-call sum 1 two
	assert_output --partial 'cannot be added'
	run -3 wamp-sub sum
	assert_output --partial 'only calls'
}

@test "examples: upper.py speaks up" {
	broker_start -c "$EXAMPLES/wampd.yml"
	sub_start -C 1 loud/hall
	run -3 wamp-pub loud/hall 5
	assert_output --partial 'only texts'
	wamp-pub loud/hall '"hello"'
	run -0 sub_wait
	assert_output '"HELLO"'
	run -3 wamp-call loud/hall
	assert_output --partial 'nothing to call'
}

@test "examples: echo.php answers with its arguments" {
	type -P php || skip 'php is not installed'
	broker_start -c "$EXAMPLES/wampd.yml"
	run -0 wamp-call echo 1 two '{"n":[]}'
	assert_output "$(printf '{"user":"local:%s","args":%s}' "$(id -un)" \
	    '[1,"two",{"n":[]}]')"
}

# What differs from run to run.
normalized() {
	sed 's/"id":"[^"]*"/"id":""/; s/"user":"[^"]*"/"user":""/
		s/"from": "[^"]*"/"from": ""/; s/"id": *[0-9]*/"id":0/' "$1"
}

# assert_recorded SHOWN RECORD: each line of SHOWN is one of RECORD, too.
assert_recorded() {
	local line

	normalized "$2" >recorded
	while IFS= read -r line; do
		grep -xF -e "$line" recorded
	done < <(normalized "$1")
}

@test "the example of wamp-exec(7) does what the page says" {
	awk -f "$ROOT/tests/cli/examples.awk" "$ROOT/man/wamp-exec.7"
	mv example.1.text chat.py
	mv example.4.text wampd.yml
	# What goes in and out is recorded on its way.
	sed -i 's/\[python3, chat.py\]/tee told | python3 chat.py | tee said/' \
	    wampd.yml
	echo "app.chat: { channel: 'chat/{room}', handler: app.chat }" \
	    >routing.yml
	broker_start -c wampd.yml
	sub_start -C 1 chat/tea
	wamp-pub chat/tea '"hello"'
	run -0 sub_wait
	assert_output \
	    "{\"from\": \"local:$(id -un)\", \"text\": \"hello\"}"
	run -0 wamp-call chat/tea 1 two
	assert_output '{"room": "tea", "arguments": 2}'
	run -3 wamp-sub chat/staff
	broker_stop TERM

	sed ':next; N; s/\n  //; t next; P; D' example.2.text >shown
	[ "$(wc -l <shown)" -eq 5 ]
	assert_recorded shown told
	[ "$(wc -l <example.3.text)" -eq 3 ]
	assert_recorded example.3.text said
}

# ---- what a program finds ----

@test "env, cwd and command are what wampd.yml says" {
	mkdir folder
	cp obey folder
	HOME=/replaced start 'command: [./obey, "a b"]' 'cwd: folder' \
	    'env: { HOME: "/x y", ONE: "1" }'
	run -0 wamp-call x/1 'answer "[\"$HOME\",\"$ONE\",\"$PWD\",\"$1\"]"'
	assert_output "[\"/x y\",\"1\",\"$PWD/folder\",\"a b\"]"
}

@test "a program inherits no sockets and no ignored signals" {
	start 'command: [./obey]'
	find "/proc/$BROKER_PID/fd" -lname 'socket:*' | grep .
	run -0 wamp-call x/1 'answer "$(find /proc/self/fd/ \
	    -lname "socket:*" -o -lname "anon_inode:*" | wc -l)"'
	assert_output '[0]'
	run -0 wamp-call x/1 \
	    'answer "\"$(grep SigIgn /proc/self/status | cut -f 2)\""'
	# 32 and 33 are the C library's own, which nobody can reset.
	[ $((0x${output//[^0-9a-f]/} & ~0x180000000)) -eq 0 ]
}

# Says all of its environment.
ENV_COMMAND="command: [jq, -c, --unbuffered,
    'select(.id) | {id, result: \$ENV}']"

# with_environment COMMAND...: run it with the broker's secrets and orders, and
# with what is nobody's secret.
with_environment() {
	ORO_SECRET=s WAMP_TICKET=t WAMP_URL=ws://x/ NOTIFY_SOCKET=@none \
	    WATCHDOG_USEC=9000000000 WATCHDOG_PID=1 LISTEN_FDS=1 \
	    LISTEN_PID=1 LISTEN_FDNAMES=x JOURNAL_STREAM=1:2 \
	    INVOCATION_ID=1 CREDENTIALS_DIRECTORY=/x LD_NOTHING=1 OTHER=1 \
	    HOME=/h LANG=C LC_TIME=C LC_ALL=C TZ=UTC USER=u LOGNAME=l \
	    SHELL=/bin/sh TMPDIR=/tmp LANGUAGE=en "$@"
}

@test "a program gets a few safe variables of the broker's" {
	with_environment start "$ENV_COMMAND"
	run -0 wamp-call x/1
	run -0 jq -r 'del(.PATH) | to_entries[] | .key + "=" + .value' \
	    <<<"$output"
	run -0 sort <<<"$output"
	assert_output "$(printf '%s\n' HOME=/h LANG=C LANGUAGE=en LC_ALL=C \
	    LC_TIME=C LOGNAME=l SHELL=/bin/sh TMPDIR=/tmp TZ=UTC USER=u)"
}

@test "env names what else a program gets" {
	with_environment start "$ENV_COMMAND" \
	    'env: { WAMP_TICKET: ~, OTHER: mine, HOME: , NOT_THERE: ~, E: "" }'
	run -0 wamp-call x/1
	run -0 jq -c '[.WAMP_TICKET, .OTHER, .HOME, .NOT_THERE, .E, .LANG]' \
	    <<<"$output"
	assert_output '["t","mine","/h",null,"","C"]'
	run -0 wampd -T -c wampd.yml
	assert_line "      'WAMP_TICKET':"
	assert_line "      'OTHER': 'mine'"
	broker_stop TERM

	with_environment start "$ENV_COMMAND" \
	    'env: [ORO_SECRET, { OTHER: mine }, OTHER2]'
	run -0 wamp-call x/1
	run -0 jq -c '[.ORO_SECRET, .OTHER, .OTHER2]' <<<"$output"
	assert_output '["s","mine",null]'
}

@test "a program inherits no descriptor and no raised limit" {
	start "command: 'ls /proc/\$\$/fd >fds; exec ./obey'" 9</dev/null
	[ -e "/proc/$BROKER_PID/fd/9" ]
	run -0 wamp-call x/1 'answer "$(ulimit -Sn)"'
	[ "${output//[^0-9]/}" -le 1024 ]
	# 10 is the shell's, while ls has its stdout.
	run -0 grep -vx 10 fds
	assert_output $'0\n1\n2'
}

@test "stderr goes to the log, by /dev/stderr too" {
	start 'command: [./obey]'
	run -0 wamp-call x/1 \
	    'printf "one\33[31m\n" >&2; echo two >/dev/stderr; answer 1'
	wait_until logged 'stderr=two'
	logged 'handler=x child=0 stderr="one.x1b\[31m"'
}

@test "a program with ticks runs and publishes unasked" {
	cat >clock <<-'END'
	#!/bin/sh
	while read -r line; do
	    [ "$line" != '{"type":"tick"}' ] ||
	        echo '{"publish":{"topic":"other","event":"tick"}}'
	done
	END
	chmod +x clock
	start 'command: [./clock]' 'tick: 20ms'
	sub_start -C 2 other
	run -0 sub_wait
	assert_output $'"tick"\n"tick"'
	wait_until logged 'handler=x child=0 started'
}

@test "a program with ticks that cannot be started is one warning" {
	start 'command: [./missing]' 'tick: 1h'
	wait_until tried 3
	[ "$(grep -c 'warn.*cannot start' "$BROKER_LOG")" -eq 1 ]
	cp obey missing
	wait_until logged 'handler=x child=0 started'
}

# tried TIMES: the broker has tried to start it so often in vain.
tried() {
	[ "$(grep -c 'cannot start' "$BROKER_LOG")" -ge "$1" ]
}

# ---- many and much ----

# A batch of calls is answered before the next one is sent: the broker bounds
# what may wait.
@test "10000 calls through one child come back right" {
	local batch from to

	cp "$EXAMPLES/sum.sh" .
	start 'command: [./sum.sh]'
	coproc socat - "UNIX-CONNECT:$WAMPD_CONTROL" 3>&-
	exec {from}<&"${COPROC[0]}" {to}>&"${COPROC[1]}"
	read -r -u "$from" _
	for ((batch = 0; batch < 10000; batch += 500)); do
		seq "$((batch + 1))" "$((batch + 500))" |
		    sed 's/.*/[2,"&","x\/1",&,1]/' >&"$to"
		head -n 500 <&"$from" >>answers
	done
	kill "$COPROC_PID"
	seq 10000 | awk '{ printf "[3,\"%d\",{\"sum\":%d}]\n", $1, $1 + 1 }' |
	    diff - answers
	[ "$(grep -c 'handler=x child=0 started' "$BROKER_LOG")" -eq 1 ]
}

@test "an event of 700 KiB passes a program and its pipes" {
	start 'command:' '  - jq' '  - -c' '  - --unbuffered' '  - >-' \
	    '    select(.id) | if .event then {id, events: [{event}]}' \
	    '    else {id, allow: true} end'
	head -c 716800 /dev/zero | tr '\0' x | jq -R . >event
	sub_start -C 1 x/1
	wamp-pub x/1 <event
	run -0 sub_wait
	diff event <(echo "$output")
}

@test "a pool runs as many as are needed" {
	start 'command: [./obey]' 'pool: 3'
	run -0 wamp-call x/1 'answer 1'
	only_nurseries
	# The first one is held up until the second one is called.
	mkfifo called gate
	wamp-call x/1 'echo >called; read -r _ <gate; answer 1' 3>&- &
	read -r _ <called
	run -0 wamp-call x/1 'echo >gate; answer 2'
	wait $!
}

# ---- limits ----

# A wire that takes no deeper event than its broker is cut off by one.
@test "an event too deep is refused, and cuts nobody off" {
	cat >obey <<-'END'
	#!/bin/sh
	nested() { printf "%${1}s" | tr ' ' '['; printf "%${1}s" | tr ' ' ']'; }
	while read -r line; do
	    set -- $(printf '%s\n' "$line" | jq -r '.id, .event // empty')
	    case $# in
	    1) printf '{"id":%s,"allow":true}\n' "$1" ;;
	    2) printf '{"id":%s,"events":[{"event":%s}]}\n' "$1" \
		"$(nested "$2")" ;;
	    esac
	done
	END
	start 'command: [./obey]' 'retain: true'
	sub_start -C 2 x/1
	wamp-pub x/1 127
	run -3 wamp-pub x/1 300
	assert_output --partial 'the handler failed: an event is nested too '
	logged 'handler=x route=x topic=x/1 an event is nested too deeply'
	wamp-pub x/1 1
	run -0 sub_wait
	assert_line --index 1 '[]'
	run -0 wamp-sub -C 1 x/1
	assert_output '[]'
}

# ---- misbehaviour ----

@test "a program that ends is replaced and leaves nothing behind" {
	local before death

	start 'command: [./obey]'
	run -0 wamp-call x/1 'answer 1'
	before=$(descriptors)
	for ((death = 0; death < 10; death++)); do
		run -3 wamp-call x/1 'exit 7'
		assert_output --partial "the handler's program has ended"
	done
	logged 'ended: exit status 7'
	run -3 wamp-call x/1 'kill -KILL $$'
	logged 'ended: signal 9 (Killed)'
	run -0 wamp-call x/1 'answer 1'
	only_nurseries
	# The callers' sessions may still be there for a moment.
	wait_until descriptors_are "$before"
}

descriptors_are() {
	[ "$(descriptors)" -eq "$1" ]
}

@test "last words count without a newline" {
	start 'command: [./obey]'
	run -0 wamp-call x/1 \
	    'printf "{\"id\":%s,\"result\":[8]}" "$id"; exit 0'
	assert_output '[8]'
}

@test "what a program has started ends with it" {
	local pid

	start 'command: [./obey]'
	run -0 wamp-call x/1 'sleep 1000 & answer $!'
	pid=${output//[^0-9]/}
	kill -0 "$pid"
	run -3 wamp-call x/1 'exit 0'
	wait_until process_ended "$pid"
	run -0 wamp-call x/1 'answer 1'
}

# Two who have left the program's group, one who has lost its parent too.
FAMILY='setsid sleep 1000 & echo $! >own
	(setsid sleep 1000 & echo $! >orphan)
	sleep 1000 & echo $! >group; answer 1'

family_is_gone() {
	local who

	for who in own orphan group; do
		process_ended "$(<"$who")" || return 1
	done
}

@test "what has left the program's group ends with it, too" {
	start 'command: [./obey]'
	run -0 wamp-call x/1 "$FAMILY"
	run ! family_is_gone
	run -3 wamp-call x/1 'exit 0'
	wait_until family_is_gone
	run -0 wamp-call x/1 'answer 1'
}

@test "no program survives a broker that is killed" {
	start 'command: [./obey]'
	run -0 wamp-call x/1 "echo \$\$ >program; trap '' TERM HUP; $FAMILY"
	# Another one hangs.
	run ! wamp-call -w 0.1 x/2 'kill -STOP $$'
	read -ra nurseries <<<"$(children_of "$BROKER_PID")"
	broker_stop KILL || true
	for nursery in "${nurseries[@]}"; do
		wait_until process_ended "$nursery"
	done
	wait_until process_ended "$(<program)"
	wait_until family_is_gone
}

@test "a keeper that is killed takes its program along" {
	start 'command: [./obey]'
	run -0 wamp-call x/1 'echo $$ >program; answer $PPID'
	kill -KILL "${output//[^0-9]/}"
	wait_until process_ended "$(<program)"
	wait_until logged 'ended: its keeper was killed'
	run -0 wamp-call x/1 'answer 1'
}

@test "signals to all of a service end no program" {
	local keeper nurseries

	start 'command: [./obey]'
	run -0 wamp-call x/1 'answer $PPID'
	keeper=${output//[^0-9]/}
	read -ra nurseries <<<"$(children_of "$BROKER_PID")"
	kill -USR1 "$keeper" "${nurseries[@]}"
	kill -RTMIN "$keeper" "${nurseries[@]}"
	kill -TERM "$keeper" "${nurseries[@]}"
	run -0 wamp-call x/1 'answer $PPID'
	assert_output "[$keeper]"
}

@test "a nursery that is killed is replaced" {
	start 'command: [./obey]'
	run -0 wamp-call x/1 'answer 1'
	for number in 2 4 6; do
		kill_nursery 1
		run -0 wamp-call x/1 "answer $number"
		run -3 wamp-call x/1 'exit 0'
		run -0 wamp-call x/1 "answer $((number + 1))"
		assert_output "[$((number + 1))]"
		only_nurseries
	done
}

# kill_nursery N...: those children of the broker.
kill_nursery() {
	local child children

	read -ra children <<<"$(children_of "$BROKER_PID")"
	for child; do
		kill -KILL "${children[child - 1]}"
		wait_until process_ended "${children[child - 1]}"
	done
}

@test "a spare nursery that is killed is replaced" {
	start 'command: [./obey]'
	is_confined || skip 'this build is not confined'
	kill_nursery 2
	run -3 wamp-call x/1 'exit 0'
	run -0 wamp-call x/1 'answer 1'
	only_nurseries
}

@test "a broker without nurseries serves what needs none, and says so" {
	start 'command: [./obey]'
	is_confined || skip 'this build is not confined'
	run -0 wamp-call x/1 'answer 1'
	kill_nursery 1 2
	run -3 wamp-call x/1 'exit 0'
	run ! wamp-call x/1 'answer 2'
	wait_until logged 'the processes that start programs were killed;'\
' restart the broker'
	assert_others_work
}

@test "a program that is stuck is killed and replaced" {
	start 'command: [./obey]' 'timeout: 500ms'
	run -3 wamp-call x/1 'kill -STOP $$'
	assert_output --partial 'the handler took too long'
	wait_until logged 'ended: it is stuck'
	wait_until works
	assert_others_work
}

# A program that was just started may be too slow for a short timeout.
works() {
	[ "$(wamp-call x/1 'answer 1')" = '[1]' ]
}

@test "a program that is stopped and ignores SIGTERM is killed" {
	start 'command: [./obey]' 'timeout: 500ms'
	run -3 wamp-call x/1 'trap "" TERM; echo $$ >program; kill -STOP $$'
	wait_until logged 'ended: it is stuck'
	wait_until process_ended "$(<program)"
	wait_until works
}

@test "a pipe that a grandchild holds open holds nothing up" {
	start 'command: [./obey]'
	run -3 wamp-call x/1 'setsid sleep 1000 & exit 4'
	assert_output --partial "the handler's program has ended"
	logged 'ended: exit status 4'
	run -0 wamp-call x/1 'answer 1'
}

@test "a program that reads no more is bounded" {
	start 'command: [./obey]' 'timeout: 500ms' 'queue: 5'
	run -3 wamp-call x/1 'exec <&-; sleep 1000'
	assert_output --partial 'the handler took too long'
	wait_until logged 'ended: it is stuck'
	wait_until works
}

@test "half a line is answered by nothing" {
	start 'command: [./obey]' 'timeout: 500ms'
	run -3 wamp-call x/1 'printf "{\"id\":%s,\"resu" "$id"; sleep 1000'
	assert_output --partial 'the handler took too long'
	wait_until logged 'ended: it is stuck'
	wait_until works
}

@test "a program that closes its stdout is replaced" {
	start 'command: [./obey]'
	run -3 wamp-call x/1 'exec >/dev/null; read -r _'
	wait_until logged 'ended: it closed its stdout'
	run -0 wamp-call x/1 'answer 1'
}

@test "garbage without end is the end of its program only" {
	start 'command: [sh, -c, "exec yes garbage"]'
	run -3 wamp-call x/1
	wait_until logged 'ended: it prints too many invalid lines'
	run ! logged garbage
	assert_others_work
}

@test "a line without end is the end of its program only" {
	start 'command: [cat, /dev/zero]'
	run -3 wamp-call x/1
	wait_until logged 'ended: it printed an endless line'
	assert_others_work
}

@test "complaints without end are the end of their program only" {
	start 'command: [sh, -c, "exec yes complaint >&2"]'
	run -3 wamp-call x/1
	wait_until logged 'ended: it writes too much to stderr'
	assert_others_work
}

@test "publications without end hurt no topic but their own" {
	cat >flood <<-'END'
	#!/bin/sh
	echo '{"id":1,"allow":true}'
	exec yes '{"publish":{"topic":"x/1","event":1}}'
	END
	chmod +x flood
	start 'command: [./flood]'
	sub_start -C 1000 x/1
	run -0 sub_wait
	[ "${#lines[@]}" -eq 1000 ]
	assert_others_work
}

@test "a program that cannot be started is no fault of the broker" {
	start 'command: [./missing]'
	run -3 wamp-call x/1
	assert_output --partial "the handler's program has ended"
	logged 'cannot start ./missing in .*: no such file or directory'
	assert_others_work
	# The delay is 1 ms: had it been tried again, it would show.
	[ "$(grep -c 'cannot start' "$BROKER_LOG")" -eq 1 ]
	cp obey missing
	run -0 wamp-call x/1 'answer 1'
}

@test "the end of the broker is that of its programs" {
	local pid

	start 'command: [./obey]'
	run -0 wamp-call x/1 'trap "" TERM HUP; sleep 1000 & answer $!'
	pid=${output//[^0-9]/}
	kill -0 "$pid"
	broker_stop TERM
	wait_until process_ended "$pid"
}
